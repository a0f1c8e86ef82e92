from collections.abc import Iterator

import pytest

from tests.contract.notify.servers import MailServer, Receiver, mail_server, receiver


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def posts() -> Iterator[Receiver]:
    with receiver() as taken:
        yield taken
