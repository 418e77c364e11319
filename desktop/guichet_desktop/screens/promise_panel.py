"""What saving would promise: the date with its arithmetic, who receives it, similar requests; then the number given."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from guichet_sync.domain.duplicate import Similar
from guichet_sync.wording.desk_words import STATUS, promise_arithmetic, promise_to_read, read_back, routing_to_read

from ..desk.capture import Captured, Preview
from ..widgets.frames import Banner
from ..widgets.labels import label
from .context import Context

_SIMILAR_SHOWN = 3


class PromisePanel(QWidget):
    """Banners, each hidden while it has nothing to say. What is to be read aloud comes first: there it is in sight."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.urgent = Banner("bad", "strong")
        self.similar = Banner("warn")
        self.promise = Banner("info", "strong")
        self._why, self._route = label("", "meta", wrap=True), label("", wrap=True)
        self.promise.add(self._why)
        self.promise.add(self._route)
        self.read_back = Banner("say", "say")
        self._to_read = ""
        self.saved = Banner("ok", "number")
        self.saved.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._then = label("", wrap=True)
        self.saved.add(self._then)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for banner in (self.urgent, self.read_back, self.similar, self.promise, self.saved):
            layout.addWidget(banner)

    def clear(self) -> None:
        """Nothing to promise yet. The number given last stays until something else is typed."""
        self._to_read = ""
        for banner in (self.urgent, self.similar, self.promise, self.read_back):
            banner.say("")

    def show_preview(self, seen: Preview) -> None:
        """Show what saving now would promise."""
        words = self._context.words
        self.saved.say("")
        self.promise.say(promise_to_read(words, seen.promise))
        self._why.setText(promise_arithmetic(words, seen.promise) if seen.promise else "")
        self._why.setVisible(bool(seen.promise))
        code = seen.routing.service
        self._route.setText(routing_to_read(words, seen.routing, self._context.service_names().get(code, code)) + ".")
        self._to_read = self._summary(seen)
        if not self.read_back.isHidden():
            self.read_back.say(self._to_read)
        self.urgent.say(self._urgent(seen))
        self.similar.say(self._similar(seen.similar))

    def toggle_read_back(self) -> None:
        """Show or hide what is to be read to the person before saving; where there is nothing to read yet, say so."""
        self.read_back.say(self._to_read if self.read_back.isHidden() else "")
        if not self._to_read:
            self._context.notices.say(self._context.words.text("Choisissez d’abord une catégorie : il n’y a rien à relire."))

    def _summary(self, seen: Preview) -> str:
        words, draft = self._context.words, seen.draft
        phone = draft.requester.phone if draft.requester else ""
        return read_back(words, words.both(seen.category.name), draft.where.label, draft.description, phone, seen.promise)

    def show_saved(self, done: Captured) -> None:
        """Show the number to read aloud."""
        words = self._context.words
        self.clear()
        self.urgent.say(self._urgent(done.preview))
        self.saved.say(done.provisional_number)
        self._then.setText(
            words.text("Enregistrée ici, à envoyer. {promise}", promise=promise_to_read(words, done.preview.promise))
        )

    def show_official(self, provisional: str, number: str) -> None:
        """The number given last is official now; both lead to the request."""
        if provisional and self.saved.label.text() == provisional:
            words = self._context.words
            self._then.setText(words.text("Transmise : c’est maintenant la requête {number}.", number=number))

    def said(self) -> str:
        """What is said of the number given last."""
        return self._then.text()

    def show_failure(self, sentence: str) -> None:
        """Say why it could not be saved; the form keeps all that was typed."""
        self.urgent.say(sentence)

    def _urgent(self, seen: Preview) -> str:
        if not seen.urgent:
            return ""
        words, service = self._context.words, self._context.services.get(seen.routing.service)
        phone = service.on_duty_phone if service else ""
        note = words.both(seen.category.urgent_note) if seen.category.urgent_note else ""
        said = words.text("Urgente : appelez la garde au {phone}.", phone=phone) if phone else words.text("Urgente.")
        return f"{said} {note}".strip()

    def _similar(self, found: tuple[Similar, ...]) -> str:
        if not found:
            return ""
        words = self._context.words
        lines = [words.plural("{n} requête semblable à proximité", "{n} requêtes semblables à proximité", len(found))]
        for each in found[:_SIMILAR_SHOWN]:
            request = each.request
            lines.append(
                words.text(
                    "{number}  ·  à {metres} m  ·  {day}  ·  {status}",
                    number=request.number or request.provisional_number,
                    metres=round(each.distance_m),
                    day=words.short_day(self._context.desk.local(request.opened_at).date()),
                    status=words.text(STATUS[request.status]),
                )
            )
        return "\n".join(lines)
