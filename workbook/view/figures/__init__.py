"""Figures of each page: pure functions from a part of the results to charts, tables, tiles and sentences.

A spec is static: it names its data and no colour, so a page draws it once and afterwards sends only rows.
"""
