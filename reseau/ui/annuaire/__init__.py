"""Pieces of the directory page: the table, the sheet of a structure and its forms."""
