"""Generated from proto/chronika/v1 by `make proto`; never edited by hand."""
