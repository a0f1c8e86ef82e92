"""Messages to people: one digest per run, an alert when a batch halts, through any channel."""

from percenty_batch.notify.attachments import written_attachments
from percenty_batch.notify.channels import Channel, channels_of, secrets_of
from percenty_batch.notify.delivery import Delivery, Outcome, deliver
from percenty_batch.notify.messages import (
    Message,
    digest,
    fingerprint,
    halt_alert,
    late_alert,
    trial,
)

__all__ = [
    "Channel",
    "Delivery",
    "Message",
    "Outcome",
    "channels_of",
    "deliver",
    "digest",
    "fingerprint",
    "halt_alert",
    "late_alert",
    "secrets_of",
    "trial",
    "written_attachments",
]
