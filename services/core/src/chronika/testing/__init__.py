"""Fakes and builders for tests, of this project and of plug-ins: they ship, so that nobody has to make their own."""
