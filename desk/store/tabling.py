"""`python -m desk.store.tabling`: write models/tables.py from the SQLModel classes of `models`.

The classes are the definition of the tables; statements only need their columns. Importing sqlmodel
brings in SQLAlchemy's ORM and pydantic and maps each class, a third of the start of a command that
reads the database. So what the classes say is written down as plain tables, which SQLAlchemy's core
reads. A test compares the two, statement by statement as each database would be told.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

from desk.errors import UsageError

HEAD = '''\
"""The tables as SQLAlchemy's core takes them. Made by `python -m desk.store.tabling`.

Do not edit: the classes beside this file are the definition. Statements take the tables from here,
which spares commands the import of sqlmodel. Nothing of ours is imported.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()
'''
TYPES = (Boolean, Integer, LargeBinary, String)


def defined() -> MetaData:
    """What the SQLModel classes of `models` define."""
    from sqlmodel import SQLModel

    import models.contacts
    import models.items
    import models.log
    import models.releases
    import models.sealed  # noqa: F401

    return SQLModel.metadata


def source(metadata: MetaData) -> str:
    """The Python source of models/tables.py, tables by name.

    Raises UsageError for what it cannot write down: a type, a default or a constraint that no table
    had so far.
    """
    tables = sorted(metadata.tables.values(), key=lambda table: table.name)
    return "\n".join([HEAD, *("\n".join(_table(table)) for table in tables), ""])


def _table(table: Table) -> Iterator[str]:
    yield f"{table.name.upper()} = Table("
    yield f'    "{table.name}",'
    yield "    METADATA,"
    for column in table.columns:
        yield f"    {_column(column)},"
    single = {f"ix_{table.name}_{column.name}" for column in table.columns if column.index}
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.name not in single:
            yield f"    {_index(index)},"
    yield ")"


def _column(column: Column[Any]) -> str:
    if column.foreign_keys or column.server_default or column.onupdate:
        raise _unknown(column)
    words = [f'"{column.name}"', _type(column)]
    if column.primary_key:
        words.append("primary_key=True")
    elif not column.nullable:
        words.append("nullable=False")
    if column.autoincrement != "auto":
        words.append(f"autoincrement={column.autoincrement}")
    if column.default is not None:
        words.append(f"default={_default(column)}")
    words += [f"{flag}=True" for flag in ("index", "unique") if getattr(column, flag)]
    return f"Column({', '.join(words)})"


def _default(column: Column[Any]) -> str:
    value = getattr(column.default, "arg", None)
    if not isinstance(value, str | int):  # a bool is an int
        raise _unknown(column)
    return '""' if value == "" else repr(value).replace("'", '"')


def _type(column: Column[Any]) -> str:
    kind = column.type
    # What a type stands for in the end: sqlmodel wraps String in one of its own.
    kind = getattr(kind, "impl_instance", kind)
    found = next((each for each in TYPES if isinstance(kind, each)), None)
    if found is None:
        raise _unknown(column)
    length = getattr(kind, "length", None)
    return f"{found.__name__}({length})" if length else found.__name__


def _index(index: Index) -> str:
    if index.unique or any(not isinstance(each, Column) for each in index.expressions):
        raise _unknown(index)
    names = [str(index.name), *(column.name for column in index.columns)]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"Index({quoted})"


def _unknown(what: object) -> UsageError:
    return UsageError("Unknown part of a table", str(what))


def main(arguments: list[str]) -> int:
    """Write the file. 0 done, 2 usage."""
    if arguments:
        sys.stderr.write("usage: python -m desk.store.tabling\n")
        return 2
    path = Path(__file__).resolve().parents[2] / "models" / "tables.py"
    path.write_text(source(defined()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
