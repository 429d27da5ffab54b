"""Leadership Diagnostic Workbook: leadership first, technical first, split, neither, or not enough data to say."""

__version__ = "0.1.0"
