"""Names that a cell binds and looks up: of the course's own text exactly, of a student's by its look."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator


def acts(source: str) -> bool:
    """Whether a cell does more than bind names."""
    plain_kinds = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return any(
        not isinstance(each, plain_kinds)
        and not (isinstance(each, ast.Assign) and all(isinstance(target, ast.Name) for target in each.targets))
        for each in ast.parse(source).body
    )


def bound(source: str) -> set[str]:
    """Names of the notebook that a cell binds: at its top level, or as a global in one of its functions."""
    return {
        symbol.get_name()
        for table in _tables(symtable.symtable(source, "cell", "exec"))
        for symbol in table.get_symbols()
        if (symbol.is_assigned() or symbol.is_imported()) and (table.get_type() == "module" or symbol.is_declared_global())
    }


def used(source: str) -> set[str]:
    """Names of the notebook that a cell, or one of its functions, looks up."""
    return {
        symbol.get_name()
        for table in _tables(symtable.symtable(source, "cell", "exec"))
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    }


def imported(source: str) -> set[str]:
    """Top-level names of the modules that a cell imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def bound_in(source: str) -> frozenset[str]:
    """Names that a student's text binds at its top level. Found by their look: nobody's text is parsed in this process."""
    found = set(re.findall(r"^(?:(?:async +)?def|class) +(\w+)", source, re.MULTILINE))
    for names in re.findall(r"^((?:\w+ *[,=] *)*\w+) *(?::[^=\n]+)?=(?!=)", source, re.MULTILINE):
        found |= set(re.findall(r"\w+", names))
    for names in re.findall(r"^(?:from +[\w.]+ +)?import +\(?([\w ,.]+)", source, re.MULTILINE):
        found |= {each.split(" as ")[-1].strip().partition(".")[0] for each in names.split(",")}
    return frozenset(found - {""})
