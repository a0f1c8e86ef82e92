import pytest

from tests.unit.dashboard.conftest import House
from tests.unit.dashboard.worlds import ACCOUNTS, BAD, BUSY, ENDED, HOSTILE, RUNNING, hold

NOTHING_RUNS = ("<script>alert", "<img src=x", "<b>첫")


def inert(page: str) -> bool:
    return not any(text in page for text in NOTHING_RUNS) and "49@example.com" not in page


async def test_the_first_page_lists_runs_with_their_verdicts(signed_in: House) -> None:
    page = await signed_in.page("/")

    assert page.index(f">{RUNNING}</a>") < page.index(f">{ENDED}</a>")
    assert 'data-kind="running">실행 중<' in page
    assert 'data-kind="partial">부분 성공<' in page
    assert f"<title>{ENDED}: 성공 1개 (모두 5개)</title>" in page


async def test_a_run_shows_its_accounts_as_they_stand(signed_in: House) -> None:
    page = await signed_in.page(f"/runs/{RUNNING}")

    assert page.count("data-row=") == len(ACCOUNTS)
    assert '<span data-live="accounts_ended">3</span>' in page
    assert 'data-kind="running" data-cell="state">실행 중<' in page
    assert 'data-kind="pending" data-cell="state">대기<' in page
    assert f'data-events="/runs/{RUNNING}/events?rows=0-4"' in page
    assert inert(page)


async def test_accounts_are_found_by_status_and_name(signed_in: House) -> None:
    failed = await signed_in.page(f"/runs/{RUNNING}?status=failed")
    named = await signed_in.page(f"/runs/{RUNNING}?name=BUSY")

    assert failed.count("data-row=") == 2
    assert "2개 중 1–2번째" in failed
    assert named.count("data-row=") == 1
    assert f">{BUSY}</a>" in named


async def test_a_page_beyond_the_last_is_the_last(signed_in: House) -> None:
    page = await signed_in.page(f"/runs/{RUNNING}?page=999")
    assert page.count("data-row=") == len(ACCOUNTS)


async def test_a_run_that_ended_has_no_events_and_can_be_resumed(signed_in: House) -> None:
    page = await signed_in.page(f"/runs/{ENDED}")

    assert "data-events" not in page
    assert f'action="/runs/{ENDED}/resume"' in page
    assert "/stop" not in page


@pytest.mark.parametrize("account", ACCOUNTS)
async def test_an_accounts_page_holds_whatever_its_name_is(signed_in: House, account: str) -> None:
    page = (await signed_in.client.get(f"/runs/{RUNNING}/account", params={"id": account})).text

    assert inert(page)
    assert "&lt;script&gt;" in page or "&lt;b&gt;첫 줄" in page


async def test_an_accounts_page_shows_errors_evidence_and_nights(signed_in: House) -> None:
    page = (await signed_in.client.get(f"/runs/{RUNNING}/account", params={"id": BAD})).text
    folder = f"/files/evidence/{RUNNING}/bad%40example.com"

    assert "로그인 실패" in page
    assert f'<img src="{folder}/1_page.png"' in page
    assert f'<a href="{folder}/1_page.html">' in page
    assert "gone.png <span" in page
    assert f"/runs/{ENDED}/account?id=bad%40example.com" in page


async def test_an_account_at_work_is_not_told_as_cut_off(signed_in: House) -> None:
    page = (await signed_in.client.get(f"/runs/{RUNNING}/account", params={"id": BUSY})).text

    assert "완료 3개, 하는 중 1개, 시도하지 않음 1개" in page
    assert f"{'f' * 24}: 하는 중" in page
    assert "기록되지 않았습니다" not in page


async def test_what_is_not_there_is_said(signed_in: House) -> None:
    for path in ("/runs/nothing", f"/runs/{RUNNING}/account?id=nobody", "/nowhere"):
        answer = await signed_in.client.get(path)
        assert answer.status_code == 404
        assert 'role="alert"' in answer.text


async def test_settings_are_shown_without_their_secrets(signed_in: House) -> None:
    page = await signed_in.page("/settings")

    assert "secret-canary" not in page
    assert "a-token-of-the-tests" not in page
    assert page.count("***</b>") == 2
    assert "PERCENTY_JOBS__CONCURRENCY" in page


async def test_reports_are_listed_by_run(signed_in: House) -> None:
    name = f"summary_report_{ENDED}.html"
    (signed_in.settings.logs.folder / "reports" / ENDED / name).write_text("<p>x", "utf-8")

    assert f'<a href="/files/reports/{ENDED}/{name}">{name}</a>' in await signed_in.page("/reports")


async def test_metrics_tell_the_latest_run(signed_in: House) -> None:
    text = await signed_in.page("/metrics")

    assert f'percenty_run_running{{run="{RUNNING}"}} 1' in text
    assert f'percenty_run_accounts{{run="{RUNNING}",status="failed"}} 2' in text
    assert f'percenty_run_items{{run="{RUNNING}",outcome="done"}} 8' in text
    assert f'percenty_run_items{{run="{RUNNING}",outcome="in_flight"}} 1' in text
    assert "percenty_dashboard_refused_tokens_total 0" in text


async def test_a_run_that_nobody_works_at_was_cut_off(signed_in: House) -> None:
    await signed_in.ledger.release(await hold(signed_in.ledger))

    page = await signed_in.page(f"/runs/{RUNNING}")

    assert "프로그램이 도중에 종료되었습니다" in page
    assert HOSTILE not in page
