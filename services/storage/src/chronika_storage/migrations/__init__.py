"""Migrations of the tables, applied in order; a file is never changed after a release that holds it."""
