"""One request in words, all that is known of it: made on the desk thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from guichet_sync.domain.category import Answer, Category, Datatype, Question
from guichet_sync.domain.errors import InvalidInput
from guichet_sync.domain.request import Request, Requester, RequestView
from guichet_sync.domain.spaces import people_space, readable_spaces
from guichet_sync.wording import Words
from guichet_sync.wording.desk_words import CAPACITY, CHANNEL, NATURE, SYNC_STATE

from ..desk import lookup
from ..desk.desk import Desk
from ..models.request_lines import FAILED, status_words
from ..widgets.timeline import Moment
from .request_moments import Telling, moments
from .request_proposals import ShownProposal, shown

Pairs = tuple[tuple[str, str], ...]
"""Names, and what is known under each."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A request as it is shown. ``number`` is the one people say, ``number_said`` what there is to say of it.

    ``held`` says whether the promise holds, ``requester_said`` what the requester's facts leave out.
    """

    id: str
    number: str
    number_said: str
    category: str
    status: str
    tone: str
    urgent: str
    refusal: str
    promise: str
    held: str
    held_tone: str
    facts: Pairs
    answers: Pairs
    requester: Pairs
    requester_said: str
    moments: tuple[Moment, ...]
    proposals: tuple[ShownProposal, ...] = ()


def sheet(desk: Desk, words: Words, name: str) -> Sheet:
    """The request of a number (official or provisional, as typed) or of an id. For the desk thread.

    :raises NotFound: this post knows none. :raises InvalidInput: ``number_check``.
    """
    return _Wording(desk, words, lookup.request(desk, name)).sheet()


class _Wording:
    """Words one request."""

    def __init__(self, desk: Desk, words: Words, view: RequestView) -> None:
        self._desk = desk
        self._words = words
        self._view = view
        self._request: Request = view.request
        self._category = self._known_category()

    def _known_category(self) -> Category | None:
        try:
            return lookup.category(self._desk, self._request.category)
        except InvalidInput:
            return None

    def sheet(self) -> Sheet:
        request, words, view = self._request, self._words, self._view
        status, tone = status_words(words, request.status, view.sync_state)
        held, held_tone = self._held()
        return Sheet(
            id=request.id,
            number=request.number or request.provisional_number,
            number_said=self._number_said(),
            category=words.both(self._category.name) if self._category else request.category,
            status=status,
            tone=tone,
            urgent=words.text("Urgente") if request.urgent else "",
            refusal=str(words.reason(view.refusal)) if view.refusal else "",
            promise=self._promise(),
            held=held,
            held_tone=held_tone,
            facts=tuple(self._facts()),
            answers=tuple(self._answers()),
            requester=tuple(self._people(view.requester)) if view.requester else (),
            requester_said=self._requester_said(),
            moments=tuple(moments(view, Telling(words, self._category, self._at, self._service, self._unit))),
            proposals=tuple(shown(each, words, self._category, self._at) for each in request.proposals),
        )

    def _number_said(self) -> str:
        request, words = self._request, self._words
        if not request.number and self._view.sync_state in FAILED:
            return words.text("Numéro provisoire")
        if not request.number:
            return words.text("Numéro provisoire : il restera lié au numéro officiel.")
        given = request.provisional_number
        return words.text("Numéro provisoire : {number}", number=given) if given else ""

    def _facts(self) -> Iterator[tuple[str, str]]:
        request, words = self._request, self._words
        if request.description:
            yield words.text("Description"), request.description
        yield words.text("Lieu"), request.where.label or words.text("Aucun lieu")
        yield self._whose(), self._whom()
        yield words.text("Nature"), words.text(NATURE[request.nature])
        yield words.text("Canal"), words.text(CHANNEL[request.channel])
        captured = self._at(request.captured_at)
        about = words.text("{at} (heure approximative)", at=captured)
        yield words.text("Saisie"), about if request.approximate else captured
        for name, at in (
            (words.text("Reçue par le serveur"), request.received_at),
            (words.text("Remise au service"), request.sent_at),
            (words.text("Fermée"), request.closed_at),
        ):
            if at is not None:
                yield name, self._at(at)
        yield words.text("Copie de ce poste"), words.text(SYNC_STATE[self._view.sync_state])

    def _whose(self) -> str:
        """Where it is; what is not at the server yet, or is being transferred, goes there."""
        goes = self._view.moving or self._request.received_at is None
        return self._words.text("Ira à") if goes else self._words.text("Chez")

    def _whom(self) -> str:
        """The service and its unit, by their names where this post knows them."""
        unit = self._unit(self._request.unit)
        return "  ·  ".join(filter(None, (self._service(self._request.service), unit)))

    def _service(self, code: str) -> str:
        known = lookup.services(self._desk).get(code)
        return self._words.both(known.name) if known else code

    def _unit(self, code: str) -> str:
        known = lookup.unit(self._desk, self._request.category, code) if code else None
        return self._words.both(known.name) if known else code

    def _promise(self) -> str:
        """The promised day."""
        on, words = self._request.promised_on, self._words
        return words.text("Date promise : {day}", day=words.day(on)) if on else words.text("Aucune date promise")

    def _held(self) -> tuple[str, str]:
        """In words and as a tone, whether the promise holds, or held."""
        request, words = self._request, self._words
        if request.promised_on is None:
            return "", ""
        if request.status.is_open:
            left = (request.promised_on - self._desk.today()).days
            if left < 0:
                return words.plural("en retard de {n} jour", "en retard de {n} jours", -left), "warn"
            return words.plural("dans {n} jour", "dans {n} jours", left) if left else words.text("aujourd’hui"), "mute"
        if request.closed_at is None:
            return "", ""
        over = (self._desk.local(request.closed_at).date() - request.promised_on).days
        if over <= 0:
            return words.text("date tenue"), "ok"
        return words.plural("dépassée de {n} jour", "dépassée de {n} jours", over), "warn"

    def _answers(self) -> Iterator[tuple[str, str]]:
        """In the order of the category's questions; those whose question is gone come last, by their code."""
        questions = {each.code: each for each in self._category.questions} if self._category else {}
        given = self._request.answers or {}
        for code in (*(each for each in questions if each in given), *(each for each in given if each not in questions)):
            question = questions.get(code)
            yield self._words.both(question.label) if question else code, self._answer(question, given[code])

    def _answer(self, question: Question | None, answer: Answer) -> str:
        names = {choice.key: self._words.both(choice.name) for choice in question.values} if question else {}
        chosen = (answer,) if isinstance(answer, str) else answer
        if question and question.datatype is Datatype.DATETIME and isinstance(answer, str):
            return self._day_said(answer)
        return ", ".join(names.get(each, each) for each in chosen)

    def _day_said(self, typed: str) -> str:
        try:
            return self._words.short_day(date.fromisoformat(typed))
        except ValueError:
            return typed

    def _people(self, person: Requester) -> Iterator[tuple[str, str]]:
        words = self._words
        known = (
            (words.text("Nom"), person.name),
            (words.text("Téléphone"), person.phone),
            (words.text("Courriel"), person.email),
            (words.text("À titre de"), words.text(CAPACITY[person.capacity])),
            (words.text("Pour"), person.on_behalf_of),
        )
        yield from (pair for pair in known if pair[1])

    def _requester_said(self) -> str:
        """Why nobody is named, or how many more there are."""
        request, words, person = self._request, self._words, self._desk.person
        if self._view.requester is not None:
            others = request.requester_count - 1
            return words.plural("Et {n} autre demandeur.", "Et {n} autres demandeurs.", others) if others > 0 else ""
        if not request.requester_count:
            return words.text("Personne n’a donné son nom.")
        if people_space(request.service) not in readable_spaces(person.role, person.service, [request.service]):
            return words.text("Votre rôle ne donne pas accès aux demandeurs.")
        return words.text("Le demandeur n’est pas encore dans la copie de ce poste.")

    def _at(self, at: datetime) -> str:
        local = self._desk.local(at)
        return f"{self._words.short_day(local)}, {self._words.time(local)}"
