"""An attribute that is worked out when it is first asked for, and then kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801 - it is written as a decorator
    """Turn a method into such an attribute.

    Up to Python 3.11 `functools.cached_property` has one lock for all objects of a class: while one session's numbers
    are computed on a thread, every other session would wait. Here two threads may at worst do the same work twice.
    """

    def __init__(self, method: Callable[[Any], Value]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[Value]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> once[Value] | Value:
        """Work the value out; from now on the object's own attribute is found in its place."""
        if instance is None:
            return self
        value = self._method(instance)
        # Past a frozen dataclass's own way of setting attributes. The first value stays.
        kept: Value = instance.__dict__.setdefault(self._name, value)
        return kept
