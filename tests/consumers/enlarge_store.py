#!/usr/bin/env python3
"""A store several times as large, to time questions on: every document again under other ids.

    enlarge_store.py STORE TIMES OUT

Documents, passages, local entities, statements with their spans, claims and what is searched are there TIMES times; outlets and
speakers once. Links, lineage, candidate keys and digests are those of STORE alone, so `verify` finds fault with OUT: it is for reading.
What is searched of the copies is folded by lower case only. Needs a SQLite of 3.43 or newer: `pip install apsw`.
"""
import shutil
import sys

import apsw

# Table, columns that are keys of documents, local entities, statements and claims, and whether it has an id.
COPIED = [
    ("document", {"key": "document", "revision_of": "document"}, True),
    ("passage", {"document": "document"}, False),
    ("local_entity", {"key": "local_entity", "document": "document"}, False),
    ("claim", {"key": "claim", "representative": "statement"}, True),
    ("statement", {"key": "statement", "document": "document", "speaker": "local_entity", "nested_in": "statement",
                   "repeat_of": "statement", "claim": "claim"}, True),
    ("statement_span", {"statement": "statement"}, False),
]
# What is searched, and the text of each row: `{}` is the first key of the copies.
SEARCHED = [
    ("document_search", "SELECT key, lower(text) FROM document WHERE key >= {}"),
    ("statement_search",
     "SELECT s.key, group_concat(lower(substr(d.text, x.start + 1, x.end - x.start)), ' ')"
     " FROM statement s JOIN document d ON d.key = s.document JOIN statement_span x ON x.statement = s.key AND x.role = 'content'"
     " WHERE s.key >= {} GROUP BY s.key"),
]


def copy(connection, table, keys, has_id, first, number):
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    moved = lambda column: f"{column} + {number * first[keys[column]]}" if column in keys else column
    chosen = [f"id || '{number:x}'" if has_id and column == "id" else moved(column) for column in columns]
    own = next(iter(keys))
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM {table} WHERE {own} < {first[keys[own]]}"
    )


def main(store, times, out):
    shutil.copyfile(store, out)
    connection = apsw.Connection(out)
    connection.execute("PRAGMA foreign_keys = off")
    connection.execute("PRAGMA synchronous = off")
    tables = ("document", "local_entity", "statement", "claim")
    first = {table: connection.execute(f"SELECT ifnull(max(key), 0) + 1 FROM {table}").fetchone()[0] for table in tables}
    for number in range(1, times):
        with connection:
            for table, keys, has_id in COPIED:
                copy(connection, table, keys, has_id, first, number)
    for table, rows in SEARCHED:
        below = first[table.removesuffix("_search")]
        with connection:
            connection.executemany(f"INSERT INTO {table} (rowid, folded) VALUES (?, ?)", connection.execute(rows.format(below)))
    print(connection.execute("SELECT count(*) FROM statement").fetchone()[0], "statements")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
