"""Succession: who could step into which role, when one person can fill only one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

import numpy as np

Role = TypeVar("Role", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


def maximum_matching(roles: Iterable[Role], pairs: Iterable[tuple[Role, Person]]) -> dict[Role, Person]:
    """A largest set of roles each filled by a different person, as role -> person.

    `roles` are the roles to cover; `pairs` are (role, person) namings, those of other roles are ignored, repeats too.
    The number of roles covered is unique; which roles is not, so both sides are sorted by their text first and the same
    input in any order gives the same matching. Source: Hopcroft & Karp (1973), as implemented by scipy.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    role_list = sorted(set(roles), key=str)
    place = {role: row for row, role in enumerate(role_list)}
    edges = sorted({(role, person) for role, person in pairs if role in place}, key=lambda e: (place[e[0]], str(e[1])))
    people = sorted({person for _, person in edges}, key=str)
    if not edges:
        return {}
    seat = {person: column for column, person in enumerate(people)}
    rows = np.array([place[role] for role, _ in edges], dtype=np.int32)
    columns = np.array([seat[person] for _, person in edges], dtype=np.int32)
    ones = np.ones(len(edges), dtype=np.int8)
    graph = coo_array((ones, (rows, columns)), shape=(len(role_list), len(people))).tocsr()
    chosen = maximum_bipartite_matching(graph, perm_type="column")
    return {role: people[column] for role, column in zip(role_list, chosen.tolist(), strict=True) if column >= 0}


def named_roles(roles: Iterable[Role], pairs: Iterable[tuple[Role, Person]]) -> set[Role]:
    """Roles with at least one name, double use of a person included."""
    wanted = set(roles)
    return {role for role, _ in pairs if role in wanted}


def coverage_share(*, covered: int, critical: int) -> float:
    """Covered critical roles / critical roles. Needs critical > 0."""
    return covered / critical
