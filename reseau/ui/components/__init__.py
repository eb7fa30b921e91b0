"""Pieces of screen used by several pages. Names and texts reach the browser as data, never as markup."""
