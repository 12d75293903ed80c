"""From pydantic's error list to places a learner can find and sentences a learner can read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, Final

from app.errors import Fault

# By pydantic's name for the error; what stands in braces comes from its context, which holds what
# the schema says (a bound, the choices) and never what was sent.
SENTENCES: Final[Mapping[str, str]] = {
    "missing": "This is required.",
    "extra_forbidden": "There is no such key here.",
    "invalid_key": "Keys must be text.",
    "model_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "dict_type": "This must be an object.",
    "list_type": "This must be a list.",
    "tuple_type": "This must be a list.",
    "set_type": "This must be a list.",
    "string_type": "This must be text.",
    "string_unicode": "This must be readable text.",
    "string_too_short": "This must have at least {min_length} characters.",
    "string_too_long": "This may have at most {max_length} characters.",
    "string_pattern_mismatch": "This is not written in the way it must be.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_parsing_size": "This number has too many digits.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "finite_number": "This must be a finite number.",
    "none_required": "This must be null.",
    "greater_than": "This must be more than {gt}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This may be at most {le}.",
    "multiple_of": "This must be a multiple of {multiple_of}.",
    "too_short": "This needs at least {min_length} entries.",
    "too_long": "This may have at most {max_length} entries.",
    "literal_error": "This must be {expected}.",
    "enum": "This must be {expected}.",
    "union_tag_invalid": "This must be one of {expected_tags}.",
    "union_tag_not_found": "The key {discriminator} is required: it says what this is.",
    "value_error": "{error}",
    "assertion_error": "{error}",
}
OTHER: Final = "This value cannot be used here."


def pointer(parts: Iterable[str | int]) -> str:
    """Write a path as a JSON pointer (RFC 6901); a very long key is cut, for it is only quoted."""
    return "".join(f"/{_short(str(part))}" for part in parts)


def faults(
    errors: Sequence[Mapping[str, Any]], document: object = None, limit: int = 20
) -> tuple[Fault, ...]:
    """Turn pydantic's errors into faults that point into the document.

    Args:
        errors: As `ValidationError.errors()` gives them.
        document: What was validated, parsed; the pointers follow it. None to take them as they are.
        limit: How many to give at most.
    """
    found = (Fault(pointer(_path(error, document)), _sentence(error)) for error in errors[:limit])
    # The members of a union may complain alike about the same place.
    return tuple(dict.fromkeys(found))


def _path(error: Mapping[str, Any], document: object) -> Sequence[str | int]:
    """Follow an error's location, leaving out the names pydantic adds for members of unions."""
    location: tuple[str | int, ...] = error["loc"]
    if document is None:
        return location
    path: list[str | int] = []
    here: Any = document
    for part in location:
        if part in _keys(here):
            here = here[part]
            path.append(part)
    if error["type"] == "missing":
        path.append(location[-1])
    return path


def _keys(value: object) -> Container[str | int]:
    if isinstance(value, list):
        return range(len(value))
    return value if isinstance(value, dict) else ()


def _sentence(error: Mapping[str, Any]) -> str:
    context = {name: _plain(value) for name, value in error.get("ctx", {}).items()}
    return SENTENCES.get(error["type"], OTHER).format_map(context)


def _plain(value: object) -> str:
    return f"{value:,}".removesuffix(".0") if isinstance(value, int | float) else str(value)


def _short(part: str, longest: int = 100) -> str:
    if len(part) > longest:
        part = part[:longest] + "…"
    return part.replace("~", "~0").replace("/", "~1")
