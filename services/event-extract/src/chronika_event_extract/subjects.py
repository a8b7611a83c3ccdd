"""Who does what a verb says, where the tree does not say it at the verb itself.

A gerund and an infinitive take the subject of the verb above them, the second of two coordinated verbs that of the
first, a relative clause that of the noun it stands by. Where word order misled the parser ("Румунію звинуватила
Угорщина"), case endings and agreement decide.
"""

from __future__ import annotations

from chronika_event_extract.tree import Argument, Roles, Tree

_DEPTH = 6
_SIDE_BY_SIDE = 3
_CONTROLLED = frozenset({"ccomp", "csubj", "advcl", "obl", "acl", "nmod"})
_CLAUSES = frozenset({"ccomp", "acl", "advcl"})
_PHRASES = frozenset({"obl", "obj", "nmod", "flat", "appos", "iobj"})


def read_roles(tree: Tree, verb: int, *, passive: bool | None = None) -> Roles:
    """The subject and object of a verb; voice is undone. Read once for each verb of a tree."""
    known = tree.roles.get((verb, passive))
    if known is None:
        known = tree.roles[verb, passive] = _read(tree, verb, passive=passive)
    return known


def _read(tree: Tree, verb: int, *, passive: bool | None) -> Roles:
    arguments = tree.arguments(verb) if passive is None else tree.arguments(verb, passive=passive)
    subject = _first(arguments, "subj")
    object_ = _first(arguments, "obj")
    swapped = _agreeing(tree, verb, subject, object_)
    if swapped is not None:
        return swapped
    if subject is not None:
        return Roles(subject, object_ if object_ is not None else _object_of_next(tree, verb), "role.subject")
    if tree.is_passive(verb) if passive is None else passive:
        if object_ is None:
            object_ = _inherited(tree, verb, _DEPTH)[0]
        return Roles(None, object_, "role.passive-without-agent")
    found, rule = _inherited(tree, verb, _DEPTH)
    return Roles(found, object_ if object_ is not None else _shared_object(tree, verb), rule)


def _object_of_next(tree: Tree, verb: int) -> int | None:
    """The object behind the second of two verbs that stand side by side: "избили и арестовали журналиста"."""
    for child in tree.children[verb]:
        if tree.relations[child] == "conj" and tree.is_verbal(child) and 0 < child - verb <= _SIDE_BY_SIDE:
            shared = _first(tree.arguments(child), "obj")
            own_subject = _first(tree.arguments(child), "subj") is not None
            return shared if shared is not None and shared > child and not own_subject else None
    return None


def _shared_object(tree: Tree, verb: int) -> int | None:
    """The object of the first of coordinated verbs: "избили и арестовали журналиста", "Биби избили и арестовали"."""
    above = tree.heads[verb]
    if above < 0 or tree.relations[verb] != "conj" or not tree.is_verbal(above):
        return None
    subject = _first(tree.arguments(above), "subj")
    if subject is not None and _is_done_to(tree, above, subject):
        return subject
    shared = _first(tree.arguments(above), "obj")
    return shared if shared is not None and shared > verb else None


def _first(arguments: tuple[Argument, ...], function: str) -> int | None:
    return next((argument.token for argument in arguments if argument.function == function and argument.direct), None)


def _agreeing(tree: Tree, verb: int, subject: int | None, object_: int | None) -> Roles | None:
    """Subject and object the other way round, or a subject found among names, when endings say so."""
    if tree.feature(tree.finite(verb), "VerbForm") != "Fin" or tree.is_passive(verb):
        return None
    if subject is not None and object_ is not None:
        fronted = object_ < verb < subject
        other_gender = tree.feature(verb, "Number") == tree.feature(subject, "Number") == "Sing"
        disagrees = not tree.agrees(verb, subject) and (other_gender or fronted or _could_act(tree, object_))
        wrong = _can_only_be_object(tree, subject) or disagrees
        right = tree.agrees(verb, object_) and not _can_only_be_object(tree, object_)
        return Roles(object_, subject, "role.agreement") if wrong and right else None
    if subject is not None:
        if _can_only_be_object(tree, subject):
            stray = _stray_subject(tree, verb)
            return Roles(stray if stray is not None else _inherited(tree, verb, _DEPTH)[0], subject, "role.agreement")
        return Roles(None, subject, "role.agreement") if _is_done_to(tree, verb, subject) else None
    if object_ is not None:
        return _subject_behind_object(tree, verb, object_)
    return None


def _subject_behind_object(tree: Tree, verb: int, object_: int) -> Roles | None:
    stray = _stray_subject(tree, verb)
    if stray is not None:
        return Roles(stray, object_, "role.agreement")
    others = [a.token for a in tree.arguments(verb) if a.function == "obj" and a.direct and a.token != object_]
    before = object_ < verb and _looks_like_subject(tree, object_) and tree.agrees(verb, object_)
    if before or _is_plural_subject(tree, verb, object_, others):
        return Roles(object_, others[0] if others else None, "role.agreement")
    if _can_only_be_subject(tree, object_) and tree.agrees(verb, object_):
        return Roles(object_, None, "role.agreement")
    return None


def _is_done_to(tree: Tree, verb: int, name: int) -> bool:
    """A single person before a plural verb is its object, though the cases look alike: "Биби арестовали"."""
    person = tree.pos[name] == "PROPN" and tree.feature(name, "Animacy") == "Anim"
    joined = any(tree.relations[child] in {"conj", "nmod", "obl"} for child in tree.children[name])
    looks_done_to = person or (tree.case(name) == "Acc" and name > verb)
    alone = looks_done_to and tree.feature(name, "Number") == "Sing" and not joined
    return alone and tree.feature(tree.finite(verb), "Number") == "Plur"


def _could_act(tree: Tree, token: int) -> bool:
    """Whether a phrase is of a kind that acts: a name, a person, several together."""
    is_name = tree.span(token).of(tree.text)[:1].isupper()
    return is_name or tree.feature(token, "Animacy") == "Anim" or len(tree.coordinated(token)) > 1


def _is_plural_subject(tree: Tree, verb: int, token: int, others: list[int]) -> bool:
    """A plural before the verb that looks like a genitive singular: "країни Балтії засудили вторгнення"."""
    plural = tree.feature(verb, "Number") == "Plur" and tree.case(token) == "Gen"
    return plural and token < verb and bool(others) and others[0] > verb


def _looks_like_subject(tree: Tree, token: int) -> bool:
    """A name before the verb whose form may be the nominative: "США будут …", "Кіпр планує …"."""
    is_name = tree.span(token).of(tree.text)[:1].isupper() and tree.pos[token] in {"PROPN", "NOUN"}
    return is_name and (tree.case(token) in {"", "Nom"} or tree.forms[token] == tree.lemmas[token])


def _stray_subject(tree: Tree, verb: int) -> int | None:
    """A name in the nominative after the verb that was attached below another phrase of the verb."""
    waiting = [child for child in tree.children[verb] if child > verb and tree.relations[child] in _PHRASES]
    for _ in tree.heads:
        if not waiting:
            break
        token = waiting.pop(0)
        if (
            tree.relations[token] in {"flat", "appos", "nmod", "obl"}
            and tree.pos[token] in {"PROPN", "NOUN"}
            and not tree.preposition(token)
            and _can_only_be_subject(tree, token)
            and tree.agrees(verb, token)
        ):
            return token
        waiting.extend(child for child in tree.children[token] if tree.relations[child] in _PHRASES)
    return None


def _can_only_be_object(tree: Tree, token: int) -> bool:
    """A form that no nominative has; of a person's name its declined part tells: "обвинил Джо Байдена"."""
    if tree.grammar.looks_accusative(tree.forms[token], tree.lemmas[token]):
        return True
    name = (token, *(child for child in tree.children[token] if tree.relations[child] == "flat"))
    return any(_is_declined(tree, part) for part in name)


def _is_declined(tree: Tree, part: int) -> bool:
    person = tree.pos[part] == "PROPN" and tree.feature(part, "Animacy") == "Anim"
    return person and tree.feature(part, "Case") in {"Acc", "Gen"} and tree.forms[part] != tree.lemmas[part]


def _can_only_be_subject(tree: Tree, token: int) -> bool:
    return tree.grammar.looks_nominative(tree.forms[token], tree.lemmas[token])


def _inherited(tree: Tree, verb: int, depth: int) -> tuple[int | None, str]:
    """The subject of a verb that has none of its own, and the rule that found it."""
    above = tree.heads[verb]
    if above < 0 or depth == 0:
        return None, ""
    relation = tree.relations[verb]
    if relation == "xcomp" or (relation in _CONTROLLED and _is_infinitive(tree, verb)):
        found, rule = _controller(tree, above, depth), "role.control"
    elif relation == "advcl" and tree.feature(verb, "VerbForm") == "Conv":
        found, rule = _subject_above(tree, above, depth), "role.gerund"
    elif relation == "conj" and tree.is_verbal(above):
        found, rule = _subject_above(tree, above, depth), "role.coordination"
        if tree.feature(verb, "Number") not in {"", tree.feature(above, "Number")}:
            found = None
    elif relation in _CLAUSES and not tree.is_participle(verb):
        found, rule = _dropped(tree, verb, above, depth)
    else:
        found, rule = None, ""
    return found, rule


def _dropped(tree: Tree, verb: int, above: int, depth: int) -> tuple[int | None, str]:
    """The subject that a subordinate clause leaves out because it was just named."""
    sibling = _sibling_subject(tree, verb)
    if sibling is not None:
        return sibling, "role.coordination"
    found = _subject_above(tree, above, depth)
    if found is None or not tree.agrees(verb, found):
        return None, ""
    return found, "role.dropped-subject"


def _sibling_subject(tree: Tree, verb: int) -> int | None:
    """The subject of the clause before it, where coordinated clauses hang side by side: "не закрывает, не отзывает"."""
    if tree.marks(verb):
        return None
    for sibling in reversed(tree.children[tree.heads[verb]]):
        if sibling < verb and tree.relations[sibling] == tree.relations[verb] and tree.is_verbal(sibling):
            subject = _first(tree.arguments(sibling), "subj")
            return subject if subject is not None and tree.agrees(verb, subject) else None
    return None


def _is_infinitive(tree: Tree, token: int) -> bool:
    return tree.feature(token, "VerbForm") == "Inf"


def _controller(tree: Tree, above: int, depth: int) -> int | None:
    lemma = tree.lemmas[above]
    if lemma in tree.grammar.object_control:
        wanted = {"dat", "obj"}
        for argument in tree.arguments(above):
            if argument.direct and argument.function in wanted:
                return argument.token
        if not tree.is_verbal(above):
            return _addressee(tree, above)
        hidden = _hidden_object(tree, above)
        if hidden is not None:
            return hidden
    if lemma in tree.grammar.dative_subject:
        dative = _first(tree.arguments(above), "dat")
        if dative is not None:
            return dative
    return _subject_above(tree, above, depth)


def _hidden_object(tree: Tree, verb: int) -> int | None:
    """Who is asked, attached below another phrase of the verb: "призвал в обращении сторонников выйти"."""
    for argument in tree.arguments(verb):
        if argument.direct and "+" in argument.function and argument.token > verb:
            for child in tree.children[argument.token]:
                bare = tree.relations[child] == "nmod" and not tree.preposition(child)
                if bare and tree.feature(child, "Animacy") == "Anim" and tree.case(child) in {"Gen", "Acc"}:
                    return child
    return None


def _addressee(tree: Tree, noun: int) -> int | None:
    """Who is asked: "обратился к ЕС с просьбой помочь"."""
    verb = tree.heads[noun]
    if verb < 0:
        return None
    for argument in tree.arguments(verb):
        if argument.direct and argument.function in tree.grammar.addressee_functions:
            return argument.token
    return None


def _subject_above(tree: Tree, above: int, depth: int) -> int | None:
    """The subject of the word above: its own, that of its passive, the genitive of a noun, or what it inherits."""
    arguments = tree.arguments(above)
    own = _first(arguments, "subj")
    if own is not None and _is_done_to(tree, above, own):
        return None
    if own is not None and not tree.is_passive(above) and _can_only_be_object(tree, own):
        own = None
    if own is None:
        told = _agreeing(tree, above, None, _first(arguments, "obj"))
        own = told.subject if told is not None else None
    if own is None and tree.lemmas[above] in tree.grammar.dative_subject:
        own = _first(arguments, "dat")
    if own is not None:
        return own
    if tree.is_verbal(above):
        if tree.is_passive(above):
            return _first(arguments, "obj")
        return _inherited(tree, above, depth - 1)[0] if depth else None
    return _subject_over_noun(tree, above, depth)


def _subject_over_noun(tree: Tree, noun: int, depth: int) -> int | None:
    """Who has what a noun names: its genitive, or the subject of its verb ("принял решение запретить")."""
    genitive = _first(tree.arguments(noun), "gen")
    if genitive is not None and tree.pos[noun] == "NOUN":
        return genitive
    verb = tree.heads[noun]
    if verb >= 0 and depth and tree.is_verbal(verb) and tree.relations[noun] in {"obj", "obl", "nsubj"}:
        return _subject_above(tree, verb, depth - 1)
    return _inherited(tree, noun, depth - 1)[0] if depth else None
