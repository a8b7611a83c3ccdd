"""Who and what the news speaks of: states, organisations, persons, outlets and places, with one id in all languages.

`EntityTable.load()` reads the tables beside this module. A name is looked up by its normal form, in which case, ё,
quotation marks and kinds of apostrophe and hyphen do not matter; persons also by surname. What a name means in its
sentence is for others to say: a capital carries the code of its state and the sector of its government.
"""

from chronika_languages.entities.entity import Entity, EntityKind, Organ, Term
from chronika_languages.entities.table import EntityTable, name_key

__all__ = ["Entity", "EntityKind", "EntityTable", "Organ", "Term", "name_key"]
