"""How many requests arrive: the record, the forecast, and the day each request comes on."""
