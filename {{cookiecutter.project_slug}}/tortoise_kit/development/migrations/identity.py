"""Which table of the new models holds the rows of which old one, and which column holds the values of which.

Neither the name of a table is its identity nor that of its class: each may stay while the other changes, two may change
places, and the default name of a join table follows the names of both its ends. What the models leave open is a
question, and `make` writes nothing until a person has decided it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tortoise_kit.development.migrations import decisions
from tortoise_kit.development.migrations.decisions import Decisions
from tortoise_kit.development.migrations.matching import Matches, match
from tortoise_kit.development.migrations.renames import Renames, moved, target_of
from tortoise_kit.development.migrations.schema_model import Column, Table
from tortoise_kit.development.migrations.snapshot import Snapshot, joins, managed


@dataclass(frozen=True)
class Models:
    """The tables of one side, and what they belong to.

    Attributes:
        tables: As Postgres sees them.
        owners: What identifies a table besides its name: a model, or for a join table its model's table and field.
        fields: The name of the field by table and column; for a join table the end that a column refers to.
        ends: The tables that a join table joins: its model's, and the other.
        targets: The table that a column's values denote rows of, by table and column, whether or not it is constrained.
    """

    tables: Mapping[str, Table]
    owners: dict[str, tuple[str, str]]
    fields: dict[str, dict[str, str]]
    ends: dict[str, tuple[str, str]]
    targets: dict[tuple[str, str], str]

    @classmethod
    def of(cls, snapshot: Snapshot, tables: Mapping[str, Table]) -> "Models":
        """The models of a snapshot and their tables."""
        found = cls(tables, {}, {}, {}, {})
        for model in (one for one in managed(snapshot) if one["table"] in tables):
            found.owners[model["table"]] = (model["name"], "")
            described = (model["pk_field"], *model["data_fields"])
            found.fields[model["table"]] = {one["db_column"]: one["name"] for one in described if "db_column" in one}
            columns = {name: column for column, name in found.fields[model["table"]].items()}
            for one in (*model["fk_fields"], *model["o2o_fields"]):
                found.targets[model["table"], columns.get(one["raw_field"], "")] = snapshot[one["python_type"]]["table"]
        for model, join in (pair for pair in joins(snapshot) if pair[1]["through"] in tables):
            name, other = join["through"], snapshot[join["model_name"]]["table"]
            found.owners[name] = (model["table"], join["name"])
            found.fields[name] = {join["backward_key"]: "backward", join["forward_key"]: "forward"}
            found.ends[name] = (model["table"], other)
        return found


@dataclass
class Identity:
    """Finds what became of each old table and column.

    Attributes:
        old: The old models.
        new: The new ones.
        decided: What a person has said.
        questions: What a person must still say, one sentence each.
    """

    old: Models
    new: Models
    decided: Decisions
    questions: list[str] = field(default_factory=list)
    renamed: set[tuple[str, str]] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)

    def renames(self) -> Renames:
        """The renames; `questions` holds what is not certain about them afterwards."""
        matches = self._tables()
        created = frozenset(self.new.tables.keys() - matches.origins.keys())
        gone = frozenset(self.old.tables.keys() - matches.pairs.keys())
        tables = {a: b for a, b in matches.pairs.items() if a != b}
        self.questions += [
            decisions.lost_table(self.old.tables[name].title, name, created | self._owned(name))
            for name in sorted(gone - self.decided.drops)
        ]
        self.dropped |= gone
        columns = {b: pairs for a, b in matches.pairs.items() if (pairs := self._columns(a, b, tables, created))}
        for a, b in matches.pairs.items():
            self.questions += self._other_targets(self.old.tables[a], self.new.tables[b], Renames(tables, columns))
        return Renames(tables, columns, dropped=gone, created=created)

    def _owned(self, table: str) -> set[str]:
        """The new table of the model or relation that an old one belongs to."""
        return {name for name in self.new.tables if self.new.owners[name] == self.old.owners[table]}

    def unused(self) -> list[str]:
        """The options that fit nothing."""
        return list(self.decided.unused(self.renamed, self.dropped))

    def _tables(self) -> Matches:
        old, new = self.old, self.new
        decided = self.decided.tables(old.tables, new.tables)
        self.renamed |= decided.items()
        candidates = old.tables.keys() - self.decided.drops
        by_owner = {owner: name for name, owner in old.owners.items()}
        models = {
            name: {name, by_owner.get(new.owners[name], "")} & candidates for name in new.tables if name not in new.ends
        }
        found = match(models, decided, same=self._same_tables, kept=self._kept)
        origins = found.origins
        join_tables = {
            name: {name, by_owner.get((origins.get(new.owners[name][0], ""), new.owners[name][1]), "")}
            & (candidates - found.pairs.keys())
            for name in new.ends
        }
        both = match(join_tables, found.pairs, same=self._same_tables, kept=self._kept)
        unsure = found.unsure | both.unsure
        self.questions += [decisions.unclear(old.tables[name].title, name, names) for name, names in unsure.items()]
        return Matches(both.pairs, unsure)

    def _same_tables(self, old: str, new: str) -> bool:
        return _shape(self.old.tables[old]) == _shape(self.new.tables[new])

    def _kept(self, old: str, new: str) -> bool:
        return old in self.old.ends or _shape(self.old.tables[old]) <= _shape(self.new.tables[new])

    def _columns(self, a: str, b: str, tables: Mapping[str, str], created: frozenset[str]) -> dict[str, str]:
        """The renamed columns of a table, which was called `a` and is called `b`."""
        old, new = self.old.tables[a].columns, self.new.tables[b].columns
        title = self.new.tables[b].title

        def same(one: str, other: str) -> bool:
            return _same(old[one], new[other], tables)

        decided = self.decided.columns(a, old, new)
        self.renamed |= {(f"{a}.{one}", other) for one, other in decided.items()}
        found = match(self._evidence(a, b, tables), decided, same=same, kept=same)
        self.questions += [decisions.unclear(title, f"{a}.{name}", names) for name, names in found.unsure.items()]
        removed = [name for name in old if name not in found.pairs]
        added = [name for name in new if name not in found.origins]
        going = [name for name in removed if f"{a}.{name}" not in self.decided.drops]
        self.dropped |= {f"{a}.{name}" for name in removed}
        pairs = dict(found.pairs)
        stay = [(one, other) for one, other in found.pairs.items() if one not in decided]
        for name in going:
            likely = [other for other in added if same(name, other)]
            rivals = [one for one in going if one != name and any(same(one, other) for other in likely)]
            rivals += [one for one, other in stay if same(name, other)]
            if len(likely) == 1 and not rivals and not self._moved(old[name], created):
                pairs[name] = likely[0]
            else:
                self.questions.append(decisions.lost_column(title, a, name, likely or added))
        return {one: other for one, other in pairs.items() if one != other}

    def _moved(self, column: Column, created: frozenset[str]) -> bool:
        """Whether a new table has this column, so that it may have been moved there."""
        there = (self.new.tables[name].columns.get(column.name) for name in created)
        return any(each is not None and each.type == column.type for each in there)

    def _evidence(self, a: str, b: str, tables: Mapping[str, str]) -> dict[str, set[str]]:
        by_field = {label: name for name, label in self._labels(self.old, a).items()}
        labels = self._labels(self.new, b, {after: before for before, after in tables.items()})
        old, new = self.old.tables[a].columns, self.new.tables[b].columns
        if a in self.old.ends and b in self.new.ends and set(by_field) == set(labels.values()):
            return {name: {by_field[labels[name]]} for name in new}
        return {name: {name, by_field.get(labels.get(name, ""), name)} & old.keys() for name in new}

    @staticmethod
    def _labels(models: Models, table: str, before: Mapping[str, str] | None = None) -> dict[str, str]:
        """What each column of a table is for: a field, or the end of a join, which is named by its old table."""
        labels = models.fields[table]
        backward, forward = ((before or {}).get(end, end) for end in models.ends.get(table, ("backward", "forward")))
        if table not in models.ends or backward == forward:
            return labels
        return {column: {"backward": backward, "forward": forward}[role] for column, role in labels.items()}

    def _other_targets(self, old: Table, new: Table, found: Renames) -> Iterator[str]:
        names = found.columns.get(new.name, {})
        for column in old.columns.values():
            name = names.get(column.name, column.name)
            after = new.columns.get(name)
            if after and column.references and after.references:
                before, now = target_of(column.references, found), target_of(after.references)
            else:
                before = self.old.targets.get((old.name, column.name), "")
                before, now = found.tables.get(before, before), self.new.targets.get((new.name, name), "")
            key = f"{old.name}.{column.name}"
            if before and now and before != now and self.decided.renames.get(key) != name:
                yield decisions.other_target(new.title, key, name, before, now)


def _shape(table: Table) -> set[tuple[object, ...]]:
    return {
        (each.name, each.type, each.nullable, each.primary_key, each.references is None)
        for each in table.columns.values()
    }


def _same(old: Column, new: Column, tables: Mapping[str, str]) -> bool:
    return replace(old, name=new.name, references=moved(old.references, tables)) == new
