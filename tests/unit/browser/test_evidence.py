from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog
from blockbuster import blockbuster_ctx
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError
from structlog.testing import LogCapture

from percenty_batch.browser import EvidenceFolder, EvidenceTaker, Session
from percenty_batch.settings import EvidenceSettings

PASSWORD = "pa55 word"


@dataclass
class Answers:
    """What a page says to each question: a value or an error."""

    screenshot: object = b"png"
    evaluate: object = "<html></html>"
    title: object = "상품 관리"

    async def give(self, name: str) -> Any:  # noqa: ANN401 - whatever was set
        answer = getattr(self, name)
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakePage:
    url = "https://www.percenty.co.kr/groups"

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.covered: list[object] = []
        self.frames = [self]

    def locator(self, selector: str) -> object:
        return selector

    def get_by_text(self, text: str, *, exact: bool) -> object:
        return (text, exact)

    async def screenshot(self, *, mask: list[object], **_options: object) -> object:
        self.covered = mask
        return await self._answers.give("screenshot")

    async def evaluate(self, _script: str, _limits: object) -> object:
        return await self._answers.give("evaluate")

    async def title(self) -> object:
        return await self._answers.give("title")


class Told:
    def last_actions(self) -> tuple[str, ...]:
        return ("03:00:00 클릭 role=button", f"03:00:01 입력 input ← '{PASSWORD}'")

    def failed_calls(self) -> tuple[str, ...]:
        return ("PUT /products → 500",)


@dataclass
class Desk:
    """A taker, the page before it, and the folder that it fills."""

    root: Path
    answers: Answers = field(default_factory=Answers)
    settings: EvidenceSettings = field(default_factory=EvidenceSettings)
    password: str = PASSWORD
    capture: LogCapture = field(default_factory=LogCapture)

    def __post_init__(self) -> None:
        self.page = FakePage(self.answers)
        session = SimpleNamespace(page=self.page, context=SimpleNamespace(tracing=None))
        self.folder = EvidenceFolder(
            self.root / "evidence" / "20261123" / "a@example.com",
            root=self.root,
            settings=self.settings,
            log=structlog.wrap_logger(None, processors=[self.capture]),
            mask=lambda text: text.replace(PASSWORD, "***"),
            password=self.password,
        )
        self.taker = EvidenceTaker(cast("Session", session), Told(), self.folder)

    def text(self, told: str) -> str:
        return (self.root / told).read_text(encoding="utf-8")

    def lines(self) -> list[str]:
        return [entry["event"] for entry in self.capture.entries]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_a_failure_leaves_picture_page_and_description(desk: Desk) -> None:
    with blockbuster_ctx("percenty_batch"):
        files = await desk.taker.take("item_1")

    where = "evidence/20261123/a@example.com/item_1"
    assert files == (f"{where}.png", f"{where}.html", f"{where}.txt")
    assert (desk.root / files[0]).read_bytes() == b"png"
    assert desk.text(files[1]) == "<html></html>"
    told = desk.text(files[2])
    assert "주소: https://www.percenty.co.kr/groups\n제목: 상품 관리\n" in told
    assert "클릭 role=button" in told
    assert "PUT /products → 500" in told
    assert desk.lines() == []


async def test_every_text_is_masked(desk: Desk) -> None:
    desk.answers.evaluate = f"<p>{PASSWORD}</p>"
    desk.answers.title = PASSWORD
    _, html, text = await desk.taker.take("item_1")
    assert desk.text(html) == "<p>***</p>"
    assert PASSWORD not in desk.text(text)


@pytest.mark.parametrize(("password", "is_exact"), [(PASSWORD, False), ("abc", True)])
async def test_a_picture_covers_password_fields_and_the_password_itself(
    tmp_path: Path, password: str, is_exact: bool
) -> None:
    desk = Desk(tmp_path, password=password)
    await desk.taker.take("item_1")
    assert desk.page.covered == ["input[type=password i]", (password, is_exact)]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (TimeoutError(), "5초 안에 끝나지 않음"),
        (PlaywrightTimeoutError("Timeout 5000ms exceeded"), "5초 안에 끝나지 않음"),
        (PlaywrightError("Target crashed\nCall log:"), "Target crashed"),
    ],
)
async def test_what_a_dead_page_does_not_give_is_told_in_one_line(
    desk: Desk, answer: object, reason: str
) -> None:
    desk.answers.screenshot = desk.answers.evaluate = desk.answers.title = answer
    (text,) = await desk.taker.take("item_1")
    assert desk.lines() == [f"증거를 남기지 못했습니다: item_1 - 화면({reason}), HTML({reason})"]
    assert f"제목: 읽지 못함({reason})" in desk.text(text)


async def test_a_folder_that_cannot_be_written_costs_the_evidence_alone(desk: Desk) -> None:
    (desk.root / "evidence").write_text("a file is in the way")
    assert await desk.taker.take("item_1") == ()
    reasons = "화면(폴더가 아님), HTML(폴더가 아님), 설명(폴더가 아님)"
    assert desk.lines() == [f"증거를 남기지 못했습니다: item_1 - {reasons}"]


async def test_no_file_is_bigger_than_the_limit(tmp_path: Path) -> None:
    limit = 1_000_000
    secret_at_the_cut = "가" * (limit - 4) + PASSWORD[:4]
    desk = Desk(tmp_path, settings=EvidenceSettings(max_file_mb=1))
    desk.answers.screenshot = b"x" * (limit + 1)
    desk.answers.evaluate = secret_at_the_cut
    html, _ = await desk.taker.take("item_1")
    assert desk.lines() == ["증거를 남기지 못했습니다: item_1 - 화면(1MB를 넘음)"]
    assert (desk.root / html).stat().st_size <= limit
    assert set(desk.text(html)) == {"가"}


async def test_half_a_secret_at_the_cut_is_dropped_with_what_stands_around_it(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, settings=EvidenceSettings(max_file_mb=1))
    desk.answers.evaluate = "x" * (1_000_000 - 4) + PASSWORD[:4]
    _, html, _ = await desk.taker.take("item_1")
    assert set(desk.text(html)) == {"x"}


async def test_only_the_first_failures_of_an_account_are_kept(tmp_path: Path) -> None:
    desk = Desk(tmp_path, settings=EvidenceSettings(max_per_job=2))
    desk.folder.tell_omitted()
    taken = [len(await desk.taker.take(f"item_{number}")) for number in range(5)]
    desk.folder.tell_omitted()
    assert taken == [3, 3, 0, 0, 0]
    assert desk.lines() == ["증거를 남기지 않은 실패: 3건 (계정당 최대 2건)"]


async def test_nothing_is_taken_when_none_is_wanted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, settings=EvidenceSettings(should_take=False, should_trace=True))
    await desk.taker.start_trace()
    assert await desk.taker.take("item_1") == ()
    desk.folder.tell_omitted()
    assert desk.lines() == []
    assert not desk.folder.path("").exists()


async def test_the_same_failure_twice_has_two_names_and_none_leaves_the_folder(
    desk: Desk,
) -> None:
    stems = [desk.folder.claim(name) for name in ("a", "a", "../../etc/a", "상품 1")]
    assert stems == ["a", "a_2", "______etc_a", "상품_1"]


async def test_another_step_of_the_run_leaves_the_files_of_the_first_as_they_are(
    tmp_path: Path,
) -> None:
    first, second = Desk(tmp_path), Desk(tmp_path, answers=Answers(screenshot=b"later"))
    told = await first.taker.take("attempt")
    told_later = await second.taker.take("attempt")

    assert not {*told} & {*told_later}
    assert (tmp_path / told[0]).read_bytes() == b"png"
    assert (tmp_path / told_later[0]).read_bytes() == b"later"


async def test_a_folder_that_cannot_be_read_disturbs_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path, _pattern: str) -> list[Path]:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "glob", fail)
    assert len(await desk.taker.take("attempt")) == 3
