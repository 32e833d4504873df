"""What belongs to one council: another that extends its file cannot take it over unasked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ehc_sim.calendars import SchoolTerms
from ehc_sim.calendars.term_file import school_year_of
from ehc_sim.scenario.council_names import same_council
from ehc_sim.scenario.faults import Fault, describe
from ehc_sim.scenario.files import LEAVES_OUT, SourceFile, listed_paths, merged
from ehc_sim.scenario.marked import all_spots, of_a_council
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.paths import split, spot_at
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import ABSENT, Tree, dotted

SOMERSET = "somerset"
"""The council whose school terms are shipped."""
TAKES_OVER = "takes_over"
"""Key of a file: what of another council it takes over on purpose."""


def faults_of_lists(source: SourceFile) -> list[Fault]:
    """Return what is wrong with the lists of settings that a file leaves out and takes over."""
    faults = []
    for key in (LEAVES_OUT, TAKES_OVER):
        given = source.values.get(key, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            problem = f'found {describe(given)}, allowed is a list such as ["plans", "costs"]'
            faults.append(source.fault((key,), problem))
            continue
        for number, one in enumerate(given):
            path = split(one)
            if path is None or spot_at(path) is None:
                problem = f'found "{one}", allowed is the path of a setting or a table'
                faults.append(source.fault((key, number), problem, key))
    return faults


def faults_of_no_stock(chain: Sequence[SourceFile], tree: Tree) -> list[Fault]:
    """Return the fault of a run from open cases that says nothing of the plans in hand beside them.

    Their reviews are most of the work of many teams: none of them is a choice, and is said.
    """
    said = any(("plans",) in listed_paths(source, LEAVES_OUT) for source in chain)
    if said or tree.get("caseload") is ABSENT or tree.get("plans") is not ABSENT:
        return []
    allowed = f'allowed is [plans] beside a caseload, or {LEAVES_OUT} = ["plans"] in the file'
    return [tree.fault(("caseload",), f"found no plans in hand, {allowed}")]


def faults_of_another_council(chain: Sequence[SourceFile], trees: Sequence[Tree]) -> list[Fault]:
    """Return a fault for each setting of one council that stands in the file of another.

    Parameters
    ----------
    chain : sequence of SourceFile
        The file that extends no other first.
    trees : sequence of Tree
        The settings of each stretch of the run, all changes made; one or more.
    """
    of_file = _councils(chain, trees[-1])
    name = trees[-1].get("council", "name")
    same = {path: same_council(one, name) for path, one in of_file.items()}
    if all(same.values()):
        return []
    taken = taken_over(chain, trees[-1])
    location = trees[-1].location(("council", "name"))
    faults: dict[Where, Fault] = {}
    for tree in trees:
        for where in _of_a_council(tree):
            if where in faults or any(where[: len(path)] == path for path in taken):
                continue
            foreign = [
                one
                for path, one in tree.locations.items()
                if path[: len(where)] == where
                and not same.get(one.file, True)
                and not isinstance(tree.get(*path), Mapping)
            ]
            if foreign and location is not None:
                one = foreign[0]
                problem = (
                    f"found what {one.file}:{one.line} says of {of_file[one.file]}, allowed is "
                    f'that of {name}; or {TAKES_OVER} = ["{dotted(where)}"] to take it over, or '
                    f"{LEAVES_OUT} to leave it out"
                )
                faults[where] = Fault(location.file, location.line, dotted(where), problem)
    return list(faults.values())


def borrowed_terms(name: str, terms: str, first_day: date) -> list[str]:
    """Return up to when another council's school terms are taken, as a sentence, if they are.

    Somerset's are shipped, and hold where none are named. Those of years that are not listed are
    made by rule, and so are no council's.

    Parameters
    ----------
    name : str
        The council.
    terms : str
        Its school terms: ``somerset`` or a file.
    first_day : date
        First day of the record or of the run.
    """
    if terms.casefold() != SOMERSET or same_council(name, SOMERSET):
        return []
    last = max(SchoolTerms.read(terms).school_years)
    if school_year_of(first_day) > last:
        return []
    until = f"{last}/{(last + 1) % 100:02}"
    return [f"School terms up to {until} are those of Somerset: {name} has given none."]


def taken_over(chain: Sequence[SourceFile], tree: Tree) -> tuple[Where, ...]:
    """Return what a scenario takes over of another council on purpose.

    Parameters
    ----------
    chain : sequence of SourceFile
        The file that extends no other first.
    tree : Tree
        The settings, all changes made.
    """
    name, of_file = tree.get("council", "name"), _councils(chain, tree)
    ours = [one for one in chain if one.path in of_file and same_council(of_file[one.path], name)]
    return tuple(path for source in ours for path in listed_paths(source, TAKES_OVER))


def _councils(chain: Sequence[SourceFile], tree: Tree) -> dict[Path, str]:
    """Return the council of each file; nothing where one of them has no name that can be read.

    The last has that of the scenario, which a change may have given it.
    """
    names = [merged([*chain[: number + 1]]).get("council", "name") for number in range(len(chain))]
    names[-1] = tree.get("council", "name")
    if not all(isinstance(one, str) for one in names):
        return {}
    return {source.path: one for source, one in zip(chain, names, strict=True)}


def _of_a_council(tree: Tree) -> Iterator[Where]:
    """Yield the settings of a council that are there, with the names that people chose.

    Those that the schema marks, and every number that was set so that its past comes out.
    """
    for marked, spot in all_spots():
        if Mark.OF_A_COUNCIL in spot.marks:
            yield from (
                where for where in _named(tree, (), marked) if tree.get(*where) is not ABSENT
            )
    for path in sorted(tree.locations, key=dotted):
        if _is_fitted(tree.get(*path)) and not of_a_council(path):
            yield path


def _is_fitted(value: object) -> bool:
    if isinstance(value, Number):  # a change has been read
        return value.fitted
    return isinstance(value, Mapping) and value.get("fitted") is True


def _named(tree: Tree, done: Where, left: Where) -> Iterator[Where]:
    if not left:
        yield done
    elif left[0] == "*":
        for name in tree.table(*done):
            yield from _named(tree, (*done, name), left[1:])
    else:
        yield from _named(tree, (*done, left[0]), left[1:])
