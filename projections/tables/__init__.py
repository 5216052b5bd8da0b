"""The read tables: what is believed of every thing and since when, kept up with the log.

Which database keeps them is the recorders' business.
"""
