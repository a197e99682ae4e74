"""A peer that answers statements: `peer.py ENGINE FOLDER`, one JSON line in, one out.

First {"tables": [[name, columns], ...]}, loaded from FOLDER/NAME.csv; then {"sql": "select count, sum"} any number of
times, answered by {"count": n, "sum": n, "ms": x}. A fault is answered by {"fault": "..."}.
"""

import json
import pathlib
import shutil
import sys
import time


class DuckDB:
    def __init__(self, folder):
        import duckdb

        self.version = duckdb.__version__
        file = folder / "base.duckdb"
        file.unlink(missing_ok=True)
        self.connection = duckdb.connect(str(file))

    def load(self, name, columns, file):
        self.connection.execute(f"create table {name} ({columns})")
        self.connection.execute(f"copy {name} from '{file}' (format csv, header false)")

    def ask(self, sql):
        return self.connection.execute(sql).fetchone()


class ClickHouse:
    """Embedded ClickHouse, tables as its manual lays them: sorted by what is looked up."""

    ORDER = {"acts": "(kind, day, person)", "people": "id", "organisations": "id"}
    TYPES = {"integer": "Int32", "smallint": "Int16"}

    def __init__(self, folder):
        import chdb
        from chdb import session

        self.version = chdb.__version__
        place = folder / "base.chdb"
        shutil.rmtree(place, ignore_errors=True)
        self.session = session.Session(str(place))
        self.session.query("create database base engine = Atomic")
        self.session.query("use base")

    def load(self, name, columns, file):
        typed = []
        for column in columns.split(", "):
            key, kind, *rest = column.split()
            kind = self.TYPES[kind]
            typed.append(f"{key} {kind}" if rest else f"{key} Nullable({kind})")
        typed = ", ".join(typed)
        order = self.ORDER.get(name, "(code, person)")
        self.session.query(f"create table base.{name} ({typed}) engine = MergeTree order by {order}")
        self.session.query(f"insert into base.{name} select * from file('{file}', 'CSV', '{typed}')")
        self.session.query(f"optimize table base.{name} final")

    def ask(self, sql):
        return [int(value) for value in str(self.session.query(sql, "CSV")).strip().split(",")]


def main():
    engine, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    peer = {"duckdb": DuckDB, "chdb": ClickHouse}[engine](folder)
    for line in sys.stdin:
        wanted = json.loads(line)
        try:
            if "tables" in wanted:
                for name, columns in wanted["tables"]:
                    peer.load(name, columns, folder / f"{name}.csv")
                answer = {"version": peer.version}
            else:
                began = time.perf_counter()
                count, total = peer.ask(wanted["sql"])
                took = (time.perf_counter() - began) * 1000
                answer = {"count": int(count), "sum": int(total), "ms": took}
        except Exception as fault:  # whatever it is, the bench names the peer and stops
            answer = {"fault": str(fault)}
        print(json.dumps(answer), flush=True)


main()
