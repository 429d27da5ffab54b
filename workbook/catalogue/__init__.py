"""Shipped assumptions and programmes, as data with unit, range, evidence and source."""
