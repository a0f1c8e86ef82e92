"""Messages through Apprise to a real mail server and a real HTTP receiver."""

import threading
from pathlib import Path

import pytest

from percenty_batch.notify import Channel, Message, Outcome, channels_of, deliver
from percenty_batch.settings import NotifySettings
from tests.contract.notify.servers import MailServer, Receiver

HOSTILE = "<script>alert(1)</script> [x](http://e.example) *b* & <!channel>"
MESSAGE = Message(title="제목 <b>", head=("첫 줄", HOSTILE), rows=("- a", "- b"), mood="failure")


def channel(url: str) -> Channel:
    (found,) = channels_of(NotifySettings.model_validate({"urls": [url]}))
    return found


async def test_a_mail_arrives_once_as_it_was_written(mails: MailServer) -> None:
    delivery = await deliver(channel(mails.url), MESSAGE, timeout_s=30)

    assert delivery.outcome is Outcome.SENT
    (mail,) = mails.mails
    assert (mail["Subject"], mail["To"]) == ("제목 <b>", "ops@example.com")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip().splitlines() == ["첫 줄", HOSTILE, "- a", "- b"]


async def test_a_mail_in_html_shows_every_sign_as_text(mails: MailServer) -> None:
    await deliver(channel(f"{mails.url}&format=html"), MESSAGE, timeout_s=30)
    (mail,) = mails.mails
    body = mail.get_body(("html",))
    assert body is not None
    assert "<script>" not in body.get_content()
    assert "&lt;script&gt;" in body.get_content()


async def test_attachments_go_along_where_they_fit(mails: MailServer, tmp_path: Path) -> None:
    small, big, last = (tmp_path / name for name in ("small.csv", "big.png", "last.png"))
    small.write_bytes(b"a")
    big.write_bytes(b"b" * 2_000_000)
    last.write_bytes(b"c")

    await deliver(
        channel(mails.url),
        MESSAGE,
        timeout_s=30,
        attachments=[small, big, last],
        max_attachment_mb=1,
    )

    names = [part.get_filename() for part in mails.mails[0].iter_attachments()]
    assert names == ["small.csv", "last.png"]


async def test_a_text_is_cut_to_the_channels_size_and_says_what_is_missing(
    posts: Receiver,
) -> None:
    long = Message(title="t", head=("head",), rows=tuple(f"- 계정 {n}" for n in range(9000)))
    await deliver(channel(posts.url), long, timeout_s=30)
    (post,) = posts.posts
    lines = post["message"].splitlines()
    assert len(post["message"]) <= 32768
    assert lines[0] == "head"
    assert lines[-1] == f"… 외 {9000 - (len(lines) - 2)}개"


@pytest.mark.parametrize("status", [401, 500])
async def test_what_is_refused_is_told(posts: Receiver, status: int) -> None:
    posts.status = status
    delivery = await deliver(channel(posts.url), MESSAGE, timeout_s=30)
    assert delivery.outcome is Outcome.REFUSED
    assert str(status) in delivery.why


async def test_a_mail_server_that_refuses_is_told(mails: MailServer) -> None:
    mails.answer = "554 no"
    delivery = await deliver(channel(mails.url), MESSAGE, timeout_s=30)
    assert (delivery.outcome, mails.mails) == (Outcome.REFUSED, [])


async def test_nobody_there_is_told() -> None:
    delivery = await deliver(channel("json://127.0.0.1:9"), MESSAGE, timeout_s=30)
    assert delivery.outcome is Outcome.REFUSED


async def test_one_that_never_answers_is_left_and_may_have_taken_it(posts: Receiver) -> None:
    posts.hold = threading.Event()
    delivery = await deliver(channel(posts.slow_url), MESSAGE, timeout_s=4)
    assert delivery.outcome is Outcome.UNKNOWN
    assert "4초" in delivery.why
