from __future__ import annotations

import subprocess
import sys

import pytest

from app import client as glassbox_client
from app.client import Client, Problem, connect
from tests.conftest import ROOT, AppServer


def test_the_few_lines_of_the_guide(app_server: AppServer) -> None:
    with glassbox_client.connect(app_server.url) as box:
        s = box.start(preset="worked-example")
        s.forward(by="pass")
        assert s.cost == pytest.approx(0.298371109, abs=1e-9)
        s.backward(by="pass")
        s.update()
        # Matt Mazur's worked example, to all the digits it prints.
        assert s.weights(2)[0][0] == pytest.approx(0.35891648, abs=1e-8)
        assert s.weights(1)[1][1] == pytest.approx(0.29950229, abs=1e-8)


def test_there_is_something_to_start_from(box: Client) -> None:
    presets, datasets = box.presets(), box.datasets()
    assert {"article", "xor", "digits"} <= {one["id"] for one in presets}
    assert box.preset("xor")["id"] is None
    first = datasets[0]["id"]
    assert len(box.dataset(first)["rows"]) == datasets[0]["observations"]


def test_a_session_of_ones_own(box: Client) -> None:
    s = box.start(
        data={"inputs": [[1.0], [2.0]], "targets": [[2.0], [4.0]]},
        network={
            "layers": [{"size": 1, "activation": "linear", "weights": [[1.5]], "biases": [0.0]}]
        },
        training={"learning_rate": 0.1, "batch_size": None},
    )
    s.forward(by="pass")
    assert s.outputs == [[1.5], [3.0]]
    assert s.losses == [0.25, 1.0]
    assert s.cost == 0.625


def test_a_session_is_found_again_by_its_id_and_followed_by_the_other(box: Client) -> None:
    s = box.start().step()
    again, followed = box.open(s.id), box.open(s.follow_id)
    assert again.event == followed.event == 1
    assert followed.id == ""
    assert followed.read().revision == s.revision
    with pytest.raises(Problem) as refused:
        followed.step()
    assert refused.value.status in (403, 404)


def test_two_at_once_do_not_overwrite_each_other(box: Client) -> None:
    mine = box.start()
    theirs = box.open(mine.id)
    theirs.step()
    with pytest.raises(Problem) as stale:
        mine.step()
    assert stale.value.status == 412
    assert mine.read().step().event == 2


def test_a_problem_says_what_and_where(box: Client) -> None:
    with pytest.raises(Problem) as refused:
        box.start(training={"learning_rate": -1, "pace": 3})
    problem = refused.value
    assert problem.status == 422
    assert problem.title
    assert problem.detail in str(problem)
    assert {fault.pointer for fault in problem.errors} == {
        "/training/learning_rate",
        "/training/pace",
    }
    with pytest.raises(Problem) as missing:
        box.open("nobody")
    assert missing.value.status == 404


def test_a_command_that_does_not_fit_says_what_comes_next(box: Client) -> None:
    s = box.start()
    with pytest.raises(Problem) as refused:
        s.backward()
    assert refused.value.status == 409
    assert "forward" in refused.value.detail
    assert s.event == s.read().event == 0


def test_locally_the_settings_are_the_servers() -> None:
    with Client.local(max_layers=1) as box:
        with pytest.raises(Problem) as refused:
            box.start(preset="article")
        assert refused.value.status == 422


def test_sessions_of_two_local_clients_are_apart(local: Client) -> None:
    s = local.start()
    with Client.local() as other, pytest.raises(Problem):
        other.open(s.id)


def test_both_ways_give_the_same_bits(served: Client, local: Client) -> None:
    def trained(box: Client) -> list[list[float]]:
        s = box.start(preset="xor")
        s.train(iterations=100)
        return s.weights(2)

    assert trained(served) == trained(local)


def test_it_needs_nothing_of_the_project_to_talk_to_a_server() -> None:
    code = (
        "import sys, app.client; "
        "print([name for name in sys.modules "
        "if name.startswith('app.') and not name.startswith('app.client')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_the_public_names_are_all_there() -> None:
    assert sorted(glassbox_client.__all__) == glassbox_client.__all__
    assert all(getattr(glassbox_client, name).__doc__ for name in glassbox_client.__all__)


def test_an_open_client_is_kept_until_it_is_closed(app_server: AppServer) -> None:
    box = connect(app_server.url)
    box.presets()
    box.close()
    with pytest.raises(RuntimeError):
        box.presets()
