"""The programme catalogue and a client's changes to it."""

from __future__ import annotations

import pytest

from workbook.catalogue.programmes import merge, shipped_programmes, validate_change
from workbook.errors import BadArgument

NEW = {
    "programme": "peer_circles", "name": "Peer circles", "track": "leadership", "audience": "manager",
    "outcome": "behaviour", "delivery": "coaching", "money_per_participant": "400", "hours_per_participant": "12",
    "months": "4", "months_to_effect": "2", "journey_stage": "manager", "evidence": "client", "source": "2023 trial",
    "effect_at_ref": {"regretted_exits": "0.0, 0.03, 0.06"}, "moderators": "practice, spaced",
}  # fmt: skip


def test_the_shipped_catalogue_serves_both_tracks_and_every_leak():
    shipped = shipped_programmes()
    assert {entry.track for entry in shipped} == {"leadership", "technical"}
    assert len({leak for entry in shipped for leak in entry.effect_at_ref}) == 6
    assert len({entry.programme for entry in shipped}) == len(shipped) >= 8


def test_programmes_without_a_published_source_say_that_they_are_the_house_s():
    for entry in shipped_programmes():
        assert entry.evidence == "published" or "house assumption" in entry.source.lower()


def test_a_change_of_a_price_keeps_all_else():
    change = {"programme": "manager_essentials", "money_per_participant": "900", "source": "quote"}
    made = {entry.programme: entry for entry in merge([change])}
    entry = made["manager_essentials"]
    assert (entry.money_per_participant, entry.money_tiers, entry.source) == (900, {}, "quote")
    assert entry.hours_per_participant == 24
    assert "money_per_participant" in entry.own
    assert len(made) == len(shipped_programmes())


def test_a_new_programme_may_be_given_as_text():
    entry = merge([NEW])[-1]
    assert (entry.programme, entry.months) == ("peer_circles", 4)
    assert entry.effect_at_ref == {"regretted_exits": (0, 0.03, 0.06)}
    assert entry.moderators == ("practice", "spaced")


def test_a_programme_can_be_taken_out():
    left = merge([{"programme": "mobile_leadership", "available": "no", "source": "no phones on site"}])
    assert "mobile_leadership" not in {entry.programme for entry in left}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {},
            ["a programme without the key 'programme'. Write its short name, such as "
             "'programme: manager_essentials'."],
        ),
        (
            {"programme": "manager_essentials", "money_per_participnt": 900, "source": "quote"},
            ["programme 'manager_essentials', key 'money_per_participnt': not known. "
             "Did you mean 'money_per_participant'?"],
        ),
        (
            {"programme": "manager_essentials", "fixed_money": 0},
            ["programme 'manager_essentials': 'source' is missing. Say where the changed values come from."],
        ),
        (
            {"programme": "manager_essentials", "fixed_money": "-5", "source": "x"},
            ["programme 'manager_essentials', key 'fixed_money': Input should be greater than or equal to 0."],
        ),
        (
            {"programme": "manager_essentials", "group_min": "30", "source": "x"},
            ["programme 'manager_essentials': group_max must not be below group_min."],
        ),
        (
            {**NEW, "effect_at_ref": {"regretted_exits": [0.2, 0.1, 0.3]}},
            ["programme 'peer_circles': effect_at_ref of regretted_exits: low <= likely <= high must hold, "
             "each from -1 to 1."],
        ),
    ],
)  # fmt: skip
def test_a_wrong_change_is_told_in_a_sentence(change, told):
    assert validate_change(change) == told


def test_everything_a_new_programme_lacks_is_told_at_once():
    told = validate_change({"programme": "thing", "name": "Thing"})
    assert "programme 'thing', key 'source': missing. A programme the catalogue does not ship needs it." in told
    assert len(told) == 12
    with pytest.raises(BadArgument) as refused:
        merge([{"programme": "thing", "name": "Thing"}])
    assert str(refused.value) == "\n".join(told)


def test_a_catalogue_without_any_programme_is_refused():
    changes = [
        {"programme": entry.programme, "available": "false", "source": "none on offer"}
        for entry in shipped_programmes()
    ]
    with pytest.raises(BadArgument) as refusal:
        merge(changes)
    assert str(refusal.value) == (
        "every programme is withdrawn. Leave at least one available, or there is nothing to weigh."
    )
