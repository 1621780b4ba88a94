"""How does Airflow itself speak through a channel of ours? A notifier, for any DAG's callbacks and for alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from airflow.sdk import BaseNotifier, Context

from wirewatch_airflow.channels import channel_variables

if TYPE_CHECKING:
    from pipeline.alerts import Message


class ChannelNotifier(BaseNotifier):
    """Sends a message through a channel: a mail, a webhook's JSON or a chat's text, as its address says.

    ``on_failure_callback=ChannelNotifier(channel="desk", subject="{{ dag.dag_id }} is red", text="{{ run_id }}")``
    """

    template_fields: Sequence[str] = ("subject", "text")

    def __init__(
        self,
        *,
        channel: str,
        subject: str = "",
        text: str = "",
        message: Message | None = None,
        skip: Sequence[str] = (),
        context: Context | None = None,
    ) -> None:
        """``message``: in place of subject and text; ``skip``: recipients that have it already."""
        self.channel = channel
        self.subject = subject
        self.text = text
        self.message = message
        self.skip = tuple(skip)
        super().__init__(context=context)

    def notify(self, context: Context) -> None:
        """Send it; a DeliveryError where the channel does not take it."""
        # Imported when there is something to send: this file is read with every DAG that names it.
        import os

        from pipeline.adapters.channels import Channels
        from pipeline.watching import text_message

        now = datetime.now(UTC)
        run_id = getattr(context.get("dag_run"), "run_id", "")
        message = self.message or text_message(
            self.subject, self.text, identity=f"{self.channel} {run_id} {self.subject} {self.text}"
        )
        variables = {**os.environ, **channel_variables([self.channel])}
        Channels(variables).send(self.channel, message, now, skip=self.skip)
