"""Why requests rise: by group, by population, mix and rate, and beside England; each adds up."""
