"""The semantic scorer against its own weights, and a remote one against real HTTP servers."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from worker.errors import TocsinError
from worker.triggers.model import FAMILIES
from worker.triggers.remote import RemoteScorer
from worker.triggers.semantic import DATA, Chances, Semantic

pytest.importorskip("onnxruntime", reason="the extra 'semantic' is not installed")
TRIGGERS = tuple(FAMILIES)
Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@pytest.fixture(scope="module")
def semantic() -> Semantic:
    return Semantic.load()


def score(semantic: Semantic, text: str) -> Chances:
    """The chances of a text that may begin with the code of its language."""
    lang = text[:2] if text[2] == " " else "en"
    return np.asarray(semantic.score([text.removeprefix(lang + " ")], [lang])[0], dtype=np.float32)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        pytest.param("Jordan shuts its border with Syria until further notice", "border_closure", id="border"),
        pytest.param("Magnitude 6.4 earthquake strikes off the coast of Chile", "earthquake_volcano", id="earthquake"),
        pytest.param("Air raid kills nine in northern Gaza, medics say", "air_strike", id="air-strike"),
        pytest.param("President ousted in military coup in Niger", "coup", id="coup"),
        pytest.param("Wildfire forces thousands from their homes in Oregon", "storm_flood_fire", id="wildfire"),
        pytest.param("es Terremoto de magnitud 6,8 sacude la costa de Perú", "earthquake_volcano", id="spanish"),
        pytest.param("de Raketenangriff auf Charkiw: mindestens acht Tote", "air_strike", id="german"),
    ],
)
def test_an_event_is_named_as_the_likeliest_trigger(semantic: Semantic, text: str, trigger: str) -> None:
    chances = score(semantic, text)
    assert TRIGGERS[int(np.argmax(chances))] == trigger
    assert chances.max() > 0.4


@pytest.mark.parametrize(
    "text",
    [
        "Striker bombs out of the cup after a penalty shoot-out",
        "Shares crash as investors take flight",
        "New recipes for a rainy weekend",
        "Museum opens exhibition on medieval pottery",
        "es La bolsa de Madrid cierra con ganancias",
    ],
)
def test_a_quiet_text_rings_nothing(semantic: Semantic, text: str) -> None:
    assert score(semantic, text).max() < 0.5


def test_a_text_has_the_same_scores_in_any_company(semantic: Semantic) -> None:
    text = "Rebels enter the town of Hama after three days of fighting"
    alone = semantic.score([text], ["en"])[0]
    among = semantic.score(["Short.", text, "A far longer sentence " * 12, text], ["en"] * 4)
    assert np.array_equal(alone, among[1])
    assert np.array_equal(alone, among[3])


def test_no_sentences_give_no_rows(semantic: Semantic) -> None:
    assert semantic.score([], []).shape == (0, len(TRIGGERS))


@pytest.mark.parametrize("text", ["", " ", "\x00\ufffd", "😀" * 400, "if " * 400_000, "“" * 1_000_000])
def test_odd_texts_cost_little_and_give_chances(semantic: Semantic, text: str) -> None:
    begun = time.monotonic()
    chances = semantic.score([text, text], ["en", ""])
    assert time.monotonic() - begun < 2
    assert ((chances >= 0) & (chances <= 1)).all()


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match=r"scorer\.json"):
        Semantic.load(tmp_path)


@pytest.mark.parametrize("name", ["scorer.json", "scorer.onnx", "tokenizer.json.gz"])
def test_the_start_names_what_is_missing_of_the_network_that_is_read_later(tmp_path: Path, name: str) -> None:
    (tmp_path / "english").symlink_to(DATA / "english")
    (tmp_path / "multilingual").mkdir()
    for other in {"scorer.json", "scorer.onnx", "tokenizer.json.gz"} - {name}:
        (tmp_path / "multilingual" / other).symlink_to(DATA / "multilingual" / other)
    with pytest.raises(TocsinError, match=f"multilingual/{name}"):
        Semantic.load(tmp_path)


def test_weights_for_other_triggers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "english").mkdir()
    for name in ("scorer.onnx", "tokenizer.json.gz"):
        (tmp_path / "english" / name).symlink_to(DATA / "english" / name)
    card = json.loads((DATA / "english" / "scorer.json").read_text(encoding="utf-8"))
    (tmp_path / "english" / "scorer.json").write_text(
        json.dumps({**card, "triggers": card["triggers"][::-1]}), encoding="utf-8"
    )
    with pytest.raises(TocsinError, match="other triggers"):
        Semantic.load(tmp_path)


def test_without_the_extra_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from worker.errors import TocsinError\n"
        "from worker.triggers.semantic import Semantic\n"
        "try:\n    Semantic.load()\nexcept TocsinError as error:\n    print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert "tocsin[semantic]" in told.stdout


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["content-length"])))

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/score"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def said(status: int, body: bytes, asked: list[bytes] | None = None) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, got: bytes) -> None:
        if asked is not None:
            asked.append(got)
        handler.send_response(status)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dripping(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    with _ignored_drop():
        for _ in range(60):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            threading.Event().wait(0.05)


@contextmanager
def _ignored_drop() -> Iterator[None]:
    try:
        yield
    except OSError:
        return


def test_a_remote_model_answers_with_rows() -> None:
    asked: list[bytes] = []
    row = [0.0] * len(TRIGGERS)
    with served(said(200, json.dumps({"scores": [row, row]}).encode(), asked)) as url:
        scorer = RemoteScorer(url)
        assert scorer.score(["one", "two"], ["en", "de"]) == [row, row]
        scorer.close()
    assert json.loads(asked[0]) == {"sentences": ["one", "two"], "langs": ["en", "de"], "triggers": list(TRIGGERS)}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(500, b"{}"), id="server-error"),
        pytest.param(said(302, b""), id="redirect"),
        pytest.param(said(200, b"<html>"), id="no-json"),
        pytest.param(said(200, b"{}"), id="no-scores"),
        pytest.param(said(200, b'{"scores": [[0.5]]}'), id="too-few-columns"),
        pytest.param(said(200, json.dumps({"scores": []}).encode()), id="too-few-rows"),
        pytest.param(said(200, json.dumps({"scores": [[7.0] * 25]}).encode()), id="no-chances"),
        pytest.param(said(200, b" " * 4_100_000), id="too-large"),
        pytest.param(dripping, id="dripping"),
    ],
)
def test_a_remote_model_that_fails_gives_no_rows_in_time(answer: Answer) -> None:
    with served(answer) as url:
        scorer = RemoteScorer(url, deadline_s=0.5)
        begun = time.monotonic()
        assert scorer.score(["one"], ["en"]) == ()
        assert time.monotonic() - begun < 1.5
        scorer.close()


def test_a_remote_model_that_is_not_there_gives_no_rows() -> None:
    scorer = RemoteScorer("http://127.0.0.1:9/score", deadline_s=0.5)
    assert scorer.score(["one"], ["en"]) == ()
    scorer.close()
