"""Old tctl commands: what each is said as, and that the important ones reach a real server."""

import pytest

from tests.deploy.parts import Recorder, Script, Server

HERE = "--address 127.0.0.1:7233 --namespace trading"

SAID_AS = {
    "wf cancel -w T": f"workflow cancel --workflow-id T {HERE}",
    "workflow cancel --workflow_id T --run_id R": f"workflow cancel --workflow-id T --run-id R {HERE}",
    "wf c -wid=T": f"workflow cancel --workflow-id T {HERE}",
    "wf cancel -q Side='BTO' --re late --yes": f"workflow cancel --yes --query Side='BTO' --reason late {HERE}",
    "wf term -w T --reason late": f"workflow terminate --workflow-id T --reason late {HERE}",
    "wf list -op": f"workflow list --query ExecutionStatus='Running' {HERE}",
    "wf list -q A=1 --open": f"workflow list --query (A=1) AND ExecutionStatus='Running' {HERE}",
    "wf listall --ps 50 --print_json": f"workflow list --limit 50 --output=json {HERE}",
    "wf count -q A=1": f"workflow count --query A=1 {HERE}",
    "wf show -w T -pf": f"workflow show --workflow-id T --detailed {HERE}",
    "wf showid T R": f"workflow show --workflow-id T --run-id R {HERE}",
    "wf ob -w T": f"workflow show --follow --workflow-id T {HERE}",
    "wf desc -w T": f"workflow describe --workflow-id T {HERE}",
    "wf query -w T -qt story": f"workflow query --workflow-id T --name story {HERE}",
    "wf signal -w T -n go -i 1": f"workflow signal --workflow-id T --name go --input 1 {HERE}",
    "wf stack -w T": f"workflow stack --workflow-id T {HERE}",
    "wf reset -w T --event_id 4 --reason bug": f"workflow reset --workflow-id T --event-id 4 --reason bug {HERE}",
    "tq desc --tq trades": f"task-queue describe --task-queue trades {HERE}",
    "cluster health": f"operator cluster health {HERE}",
    "--ad h:1 --ns n wf list": "workflow list --address h:1 --namespace n",
    "--address=h:1 --namespace=n wf list": "workflow list --address h:1 --namespace n",
    "--ad h:1 --ns n namespace register --rd 3": "operator namespace create --retention 3d --address h:1 --namespace n",
    "--ad h:1 n desc n": "operator namespace describe --address h:1 --namespace n",
}


@pytest.mark.parametrize("words", SAID_AS)
def test_an_old_command_is_said_as_a_new_one(recorder: Recorder, script: Script, words: str) -> None:
    recorder.stand_in_for("temporal")
    done = script("tctl", *words.split(" "), PATH=str(recorder.folder))
    assert done.returncode == 0, done.stderr
    assert recorder.calls == [SAID_AS[words]]
    assert done.stderr.endswith(f"+ temporal {SAID_AS[words]}\n")


def test_the_old_environment_names_the_server_and_namespace(recorder: Recorder, script: Script) -> None:
    recorder.stand_in_for("temporal")
    old = {"TEMPORAL_CLI_ADDRESS": "h:1", "TEMPORAL_CLI_NAMESPACE": "n"}
    script("tctl", "wf", "list", PATH=str(recorder.folder), **old)
    assert recorder.calls == ["workflow list --address h:1 --namespace n"]


def test_a_value_with_spaces_stays_one_word(recorder: Recorder, script: Script) -> None:
    recorder.stand_in_for("temporal", also='for word in "$@"; do echo "<$word>"; done')
    done = script("tctl", "wf", "signal", "-w", "T", "-n", "go", "-i", '{"a": 1}', PATH=str(recorder.folder))
    assert '<{"a": 1}>' in done.stdout


def test_a_cancel_by_id_is_not_held_up_by_its_reason(recorder: Recorder, script: Script) -> None:
    recorder.stand_in_for("temporal")
    done = script("tctl", "wf", "cancel", "-w", "T", "--reason", "late", PATH=str(recorder.folder))
    assert recorder.calls == [f"workflow cancel --workflow-id T {HERE}"]
    assert "without the reason" in done.stderr


@pytest.mark.parametrize(
    "words",
    ["", "wf", "wf run", "admin cluster", "wf list --bogus", "wf list --bogus=1", "wf cancel -w", "--tls wf list"],
)
def test_what_has_no_equivalent_is_refused(recorder: Recorder, script: Script, words: str) -> None:
    recorder.stand_in_for("temporal")
    done = script("tctl", *words.split(), PATH=str(recorder.folder))
    assert done.returncode == 64
    assert recorder.calls == []


def test_a_running_workflow_is_listed_and_asked_to_cancel(server: Server, script: Script) -> None:
    server.temporal("workflow", "start", "--type", "AlertTrade", "--task-queue", "trades", "--workflow-id", "alert-1-2")
    where = ("--ad", server.address, "--ns", "default")
    seen = script("tctl", *where, "wf", "describe", "-w", "alert-1-2")
    assert "AlertTrade" in seen.stdout
    done = script("tctl", *where, "wf", "cancel", "-w", "alert-1-2")
    assert done.returncode == 0, done.stderr
    history = server.ask("workflow", "show", "--workflow-id", "alert-1-2")
    assert "EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED" in [event["eventType"] for event in history["events"]]


def test_a_namespace_is_registered_for_the_days_given(server: Server, script: Script) -> None:
    done = script("tctl", "--ad", server.address, "--ns", "registered", "namespace", "register", "--rd", "7")
    assert done.returncode == 0, done.stderr
    assert server.retention_days("registered") == 7
