"""One council's name is known however it is written, and no two councils are taken for one."""

from __future__ import annotations

import pytest

from ehc_sim.scenario.council_names import council_key, same_council

pytestmark = pytest.mark.unit

COUNCILS = """
Barking and Dagenham/Barnet/Barnsley/Bath and North East Somerset/Bedford/Bexley/Birmingham/
Blackburn with Darwen/Blackpool/Bolton/Bournemouth, Christchurch and Poole/Bracknell Forest/
Bradford/Brent/Brighton and Hove/Bristol, City of/Bromley/Buckinghamshire/Bury/Calderdale/
Cambridgeshire/Camden/Central Bedfordshire/Cheshire East/Cheshire West and Chester/City of London/
Cornwall/County Durham/Coventry/Croydon/Cumberland/Darlington/Derby/Derbyshire/Devon/Doncaster/
Dorset/Dudley/Ealing/East Riding of Yorkshire/East Sussex/Enfield/Essex/Gateshead/Gloucestershire/
Greenwich/Hackney/Halton/Hammersmith and Fulham/Hampshire/Haringey/Harrow/Hartlepool/Havering/
Herefordshire, County of/Hertfordshire/Hillingdon/Hounslow/Isle of Wight/Isles of Scilly/Islington/
Kensington and Chelsea/Kent/Kingston upon Hull, City of/Kingston upon Thames/Kirklees/Knowsley/
Lambeth/Lancashire/Leeds/Leicester/Leicestershire/Lewisham/Lincolnshire/Liverpool/Luton/Manchester/
Medway/Merton/Middlesbrough/Milton Keynes/Newcastle upon Tyne/Newham/Norfolk/
North East Lincolnshire/North Lincolnshire/North Northamptonshire/North Somerset/North Tyneside/
North Yorkshire/Northumberland/Nottingham/Nottinghamshire/Oldham/Oxfordshire/Peterborough/Plymouth/
Portsmouth/Reading/Redbridge/Redcar and Cleveland/Richmond upon Thames/Rochdale/Rotherham/Rutland/
Salford/Sandwell/Sefton/Sheffield/Shropshire/Slough/Solihull/Somerset/South Gloucestershire/
South Tyneside/Southampton/Southend-on-Sea/Southwark/St. Helens/Staffordshire/Stockport/
Stockton-on-Tees/Stoke-on-Trent/Suffolk/Sunderland/Surrey/Sutton/Swindon/Tameside/
Telford and Wrekin/Thurrock/Torbay/Tower Hamlets/Trafford/Wakefield/Walsall/Waltham Forest/
Wandsworth/Warrington/Warwickshire/West Berkshire/West Northamptonshire/West Sussex/Westminster/
Westmorland and Furness/Wigan/Wiltshire/Windsor and Maidenhead/Wirral/Wokingham/Wolverhampton/
Worcestershire/York
"""
"""The 153 local authorities of England with duties for EHC plans, as DfE writes them."""
NAMES = [name.strip() for name in COUNCILS.replace("\n", "").split("/")]


def test_no_two_councils_of_england_are_taken_for_one() -> None:
    assert len(NAMES) == 153
    keys = {council_key(name): name for name in (*NAMES, "England", "London", "South West")}
    assert len(keys) == len(NAMES) + 3


@pytest.mark.parametrize("kind", [" Council", " County Council", " City Council", " COUNCIL"])
def test_no_two_are_with_what_follows_their_name(kind: str) -> None:
    called = [name for name in NAMES if "," not in name]
    assert all(same_council(name, name + kind) for name in called)
    assert len({council_key(name + kind) for name in called}) == len(called)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Somerset", " SOMERSET  Council "),
        ("Somerset", "Somerset County Council"),
        ("Bristol, City of", "Bristol City Council"),
        ("Bristol, City of", "City of Bristol"),
        ("Herefordshire, County of", "Herefordshire Council"),
        ("St. Helens", "St Helens"),
        ("County Durham", "Durham County Council"),
        ("Southwark", "London Borough of Southwark"),
        ("Windsor and Maidenhead", "Royal Borough of Windsor & Maidenhead"),
        ("Stockton-on-Tees", "Stockton on Tees Borough Council"),
    ],
)
def test_one_council_is_known_however_it_is_written(name: str, other: str) -> None:
    assert same_council(name, other)
    assert same_council(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Somerset", "North Somerset"),
        ("Somerset", "Bath and North East Somerset"),
        ("Derby City Council", "Derbyshire County Council"),
        ("City of London", "London"),
        ("Kingston upon Hull, City of", "Kingston upon Thames"),
        ("Zürich", "Zurich"),
    ],
)
def test_others_are_not(name: str, other: str) -> None:
    assert not same_council(name, other)
