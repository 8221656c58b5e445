"""A command at its owner: one transaction, one reply, and every refusal by its name."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from services.contracts.problems import Problem
from tests.desk import Desk, an_actor
from tests.integration.messaging.depot import (
    Crate,
    Pack,
    Relabel,
    Ship,
    Weigh,
    pack,
    relabel,
    ship,
    weigh,
)


def packed(depot: Desk, actor, label="tea"):
    return depot.execute(Pack, pack, actor, {"label": label})


def refused(call, *args, **kwargs) -> Problem:
    with pytest.raises(Problem) as refusal:
        call(*args, **kwargs)
    return refusal.value


def test_creating_writes_the_row_and_states_the_fact(depot):
    ann = an_actor()
    outcome = packed(depot, ann)
    assert outcome.types == ["crate.packed.v1"]
    assert outcome.data["number"] == "QF-X-2026-000001"
    assert outcome.data["sequence"] == 1
    assert [event.id for event in depot.events()] == [outcome.events[0].id]
    with depot.session() as session:
        assert session.get(Crate, outcome.id).label == "tea"


def test_a_move_answers_its_fact_and_result(depot):
    ann = an_actor()
    id = packed(depot, ann).id
    outcome = depot.execute(Ship, ship, ann, id=id)
    assert outcome.data["state"] == "shipped"
    assert outcome.result == {"carrier": "rail"}
    assert [event.sequence for event in depot.events()] == [1, 2]


def test_a_wrong_move_changes_nothing(depot):
    ann = an_actor()
    id = packed(depot, ann).id
    depot.execute(Ship, ship, ann, id=id)
    problem = refused(depot.execute, Ship, ship, ann, id=id)
    assert problem.code == "illegal_move"
    assert problem.params == {"state": "shipped", "verb": "ship"}
    assert len(depot.events()) == 2


@pytest.mark.parametrize("id", ["nonsense", "00000000-0000-7000-8000-000000000000", None])
def test_an_unknown_id_is_not_found(depot, id):
    assert refused(depot.execute, Ship, ship, an_actor(), id=id).code == "not_found"


def test_someone_elses_id_is_not_found(depot):
    id = packed(depot, an_actor()).id
    assert refused(depot.execute, Ship, ship, an_actor(), id=id).code == "not_found"


def test_every_wrong_field_is_named_as_in_the_body(depot):
    body = {"label": "a\x0bb", "items": [{"name": "ok"}, {}], "weight": True, "extra/field": 1}
    problem = refused(depot.execute, Pack, pack, an_actor(), body)
    assert problem.code == "invalid"
    body["label"] = "fine"
    problem = refused(depot.execute, Pack, pack, an_actor(), body)
    pointers = {error["pointer"] for error in problem.errors}
    assert pointers == {"/items/1/name", "/weight", "/extra~1field"}


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "\ud800", "\x1b[0m"])
def test_what_the_database_cannot_keep_is_refused_wherever_it_stands(depot, bad):
    for body in ({"label": bad}, {"label": "ok", "items": [{"name": bad}]}, {bad: 1}):
        assert refused(depot.execute, Pack, pack, an_actor(), body).code == "invalid"


def test_a_body_nested_without_end_is_refused(depot):
    body: dict = {}
    for _ in range(100):
        body = {"items": [body]}
    assert refused(depot.execute, Pack, pack, an_actor(), body).code == "invalid"


def test_a_known_constraint_is_a_refusal_by_its_name(depot):
    ann = an_actor()
    packed(depot, ann)
    assert refused(packed, depot, ann).code == "forbidden"


def test_an_unforeseen_error_is_internal_and_says_nothing(depot):
    def explode(actor, tx, args):
        raise RuntimeError("secret price 4711")

    problem = refused(depot.execute, Pack, explode, an_actor(), {"label": "tea"})
    assert problem.code == "internal"
    assert "4711" not in str(problem.to_json())


def test_a_result_that_cannot_be_answered_is_not_committed(depot):
    def unanswerable(actor, tx, args):
        pack(actor, tx, args)
        return {"when": tx.now}

    assert refused(depot.execute, Pack, unanswerable, an_actor(), {"label": "x"}).code == "internal"
    assert depot.events() == []


def test_if_match_is_compared_with_the_sequence(depot):
    ann = an_actor()
    id = packed(depot, ann).id
    change = (Relabel, relabel, ann, {"label": "coffee"})
    assert refused(depot.execute, *change, id=id).code == "version_required"
    stale = refused(depot.execute, *change, id=id, expected_version=7)
    assert (stale.code, stale.params) == ("stale_version", {"version": 1})
    assert depot.execute(*change, id=id, expected_version=1).data["label"] == "coffee"


def test_a_request_nobody_waits_for_is_not_carried_out(depot):
    payload = depot.payload(an_actor(), {"label": "tea"})
    depot.clock.advance(seconds=11)
    from services.messaging import execute

    reply = execute(Pack, pack, depot.transactions, payload)
    assert reply["problem"]["code"] == "too_late"
    assert depot.events() == []


def test_a_query_reads_and_cannot_write(depot):
    ann = an_actor()
    id = packed(depot, ann).id
    assert depot.ask(Weigh, weigh, ann, id=id) == {"weight_g": 3}

    def write(actor, tx, id, args):
        tx.load(Crate, id).label = "changed"
        return {"weight_g": 0}

    assert refused(depot.ask, Weigh, write, ann, id=id).code == "internal"


def test_one_key_one_effect_one_answer(depot):
    ann = an_actor()
    first = depot.execute(Pack, pack, ann, {"label": "tea"}, key="k1")
    again = depot.execute(Pack, pack, ann, {"label": "tea"}, key="k1")
    assert again == first
    assert len(depot.events()) == 1


def test_a_key_belongs_to_one_request_of_one_party(depot):
    ann, bob = an_actor(), an_actor()
    id = depot.execute(Pack, pack, ann, {"label": "tea"}, key="k1").id
    other_body = refused(depot.execute, Pack, pack, ann, {"label": "silk"}, key="k1")
    other_command = refused(depot.execute, Ship, ship, ann, {}, id=id, key="k1")
    assert {other_body.code, other_command.code} == {"idempotency_key_reused"}
    depot.execute(Pack, pack, bob, {"label": "rice"}, key="k1")
    assert len(depot.events()) == 2


def test_a_colleague_gets_no_answer_that_was_anothers(depot):
    ann = an_actor()
    colleague = replace(ann, user_id=an_actor().user_id)
    depot.execute(Pack, pack, ann, {"label": "tea"}, key="k1")
    again = refused(depot.execute, Pack, pack, colleague, {"label": "tea"}, key="k1")
    assert again.code == "idempotency_key_reused"
    assert len(depot.events()) == 1


def test_a_refused_request_may_be_repeated_with_its_key(depot):
    ann = an_actor()
    assert refused(depot.execute, Ship, ship, ann, key="k1", id=ann.party_id).code == "not_found"
    assert refused(depot.execute, Pack, pack, ann, {"label": ""}, key="k1").code == "invalid"
    assert depot.execute(Pack, pack, ann, {"label": "tea"}, key="k1").types == ["crate.packed.v1"]


def test_fifty_identical_requests_at_once_have_one_effect_and_one_answer(depot):
    ann = an_actor()

    def send(_):
        return depot.execute(Pack, pack, ann, {"label": "tea"}, key="k1")

    with ThreadPoolExecutor(50) as threads:
        outcomes = list(threads.map(send, range(50)))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(depot.events()) == 1


def test_a_key_whose_first_request_does_not_end_is_in_flight(depot):
    ann, entered, leave = an_actor(), threading.Event(), threading.Event()

    def slow(actor, tx, args):
        entered.set()
        leave.wait(10)
        pack(actor, tx, args)

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(depot.execute, Pack, slow, ann, {"label": "tea"}, key="k1")
        assert entered.wait(5)
        second = refused(depot.execute, Pack, pack, ann, {"label": "tea"}, key="k1")
        leave.set()
        assert first.result().types == ["crate.packed.v1"]
    assert second.code == "in_flight"


def test_a_deadlock_is_resolved_by_running_one_again(depot):
    ann = an_actor()
    one, two = packed(depot, ann, "one").id, packed(depot, ann, "two").id
    both_hold = threading.Barrier(2)

    def crosswise(actor, tx, id, args):
        tx.load(Crate, id)
        with contextlib.suppress(threading.BrokenBarrierError):  # the second run meets nobody
            both_hold.wait(2)
        row = tx.load(Crate, two if id == one else one)
        tx.record(row, "packed")

    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(depot.execute, Ship, crosswise, ann, id=id) for id in (one, two)]
        assert [len(each.result().events) for each in done] == [1, 1]


def test_a_lost_update_is_noticed_even_without_a_lock(depot):
    ann = an_actor()
    id, runs = packed(depot, ann).id, []

    def forgetful(actor, tx, id, args):
        row = tx.load(Crate, id, lock=False)
        if not runs:
            runs.append("raced")
            depot.execute(Relabel, relabel, ann, {"label": "silk"}, id=id, expected_version=1)
        tx.record(row, "packed")

    outcome = depot.execute(Ship, forgetful, ann, id=id)
    assert (outcome.data["sequence"], outcome.data["label"]) == (3, "silk")


def test_a_closed_connection_is_replaced_before_anyone_notices(depot):
    ann = an_actor()
    packed(depot, ann)
    with depot.engine.connect() as other:
        other.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert packed(depot, ann, "silk").types == ["crate.packed.v1"]


def test_a_connection_lost_in_the_middle_is_repeated_only_under_a_key(depot):
    ann, cut = an_actor(), []

    def severed(actor, tx, args):
        pack(actor, tx, args)
        if not cut:
            cut.append("once")
            pid = tx.session.execute(text("SELECT pg_backend_pid()")).scalar()
            with depot.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    assert refused(depot.execute, Pack, severed, ann, {"label": "a"}).code == "unavailable"
    cut.clear()
    assert depot.execute(Pack, severed, ann, {"label": "a"}, key="k").types == ["crate.packed.v1"]
    with depot.session() as session:
        assert len(session.scalars(select(Crate)).all()) == 1


def test_a_change_survives_loading_the_same_row_twice(depot):
    ann = an_actor()
    id = packed(depot, ann).id

    def twice(actor, tx, id, args):
        tx.load(Crate, id).label = "silk"
        tx.record(tx.load(Crate, id), "packed")

    assert depot.execute(Ship, twice, ann, id=id).data["label"] == "silk"
