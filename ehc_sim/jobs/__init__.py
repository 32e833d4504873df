"""What a command has done: scenarios read and checked, run or forecast, and written."""
