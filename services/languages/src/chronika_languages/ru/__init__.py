"""The Russian language pack."""

from importlib.resources import files

from chronika.ports.language_pack import LanguagePack

PACK = LanguagePack(code="ru", name="Russian", files=files(__package__))
