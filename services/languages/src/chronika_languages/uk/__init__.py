"""The Ukrainian language pack."""

from importlib.resources import files

from chronika.ports.language_pack import LanguagePack

PACK = LanguagePack(code="uk", name="Ukrainian", files=files(__package__))
