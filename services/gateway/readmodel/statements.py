"""What the projector asks of the database: each a statement that is parsed once."""

from itertools import product

from sqlalchemy import text

from services.gateway.readmodel.steps import keeping

# The rows of a batch travel as one JSON parameter, whatever their number: one statement that is
# parsed once, where a parameter per value costs more than the writing.
RAISE = text(
    """
    INSERT INTO resources (kind, id, sequence, number, state, sort_at)
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS row
        (kind text, id uuid, sequence bigint, number text, state text, sort_at timestamptz)
    ON CONFLICT (kind, id) DO UPDATE SET
        sequence = excluded.sequence, number = excluded.number, state = excluded.state,
        sort_at = excluded.sort_at, raised_from = resources.sequence
    WHERE resources.sequence < excluded.sequence
    RETURNING kind, CAST(id AS text) AS id, raised_from
    """
)
# What was seen before, as it was when the guards were locked; what is seen now in its place. Texts
# that several audiences share travel once.
_SHOWN = """
    WITH moved AS (
        SELECT * FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS uuid[])) AS moved (kind, id)
    ), now_seen AS (
        SELECT row.*, shown.*
        FROM json_to_recordset(CAST(:rows AS json)) AS row
            (kind text, id uuid, audience text, sequence bigint, state text, sort_at timestamptz,
             thread_id uuid, etag text, text int)
        JOIN unnest(CAST(:texts AS text[]), CAST(:due_at AS timestamptz[]),
                    CAST(:amount_fen AS bigint[]), CAST(:facet AS text[]),
                    CAST(:region AS text[]), CAST(:title AS text[]), CAST(:words AS text[]),
                    CAST(:parties AS text[]))
             WITH ORDINALITY
             AS shown (document, due_at, amount_fen, facet, region, title, words, parties, place)
          ON shown.place = row.text
    ), gone AS (
        DELETE FROM views USING moved
        WHERE views.kind = moved.kind AND views.id = moved.id
          AND (views.kind, views.id, views.audience)
              NOT IN (SELECT kind, id, audience FROM now_seen)
    ), shown AS (
        INSERT INTO views
            (kind, id, audience, sequence, state, sort_at, thread_id, etag, due_at, amount_fen,
             facet, region, title, words, parties, document)
        SELECT kind, id, audience, sequence, state, sort_at, thread_id, etag, due_at, amount_fen,
               facet, region, title, words, CAST(parties AS uuid[]), document
        FROM now_seen
        ON CONFLICT (kind, id, audience) DO UPDATE SET
            sequence = excluded.sequence, state = excluded.state, sort_at = excluded.sort_at,
            thread_id = excluded.thread_id, etag = excluded.etag, document = excluded.document,
            due_at = excluded.due_at, amount_fen = excluded.amount_fen,
            facet = excluded.facet, region = excluded.region, title = excluded.title,
            words = excluded.words, parties = excluded.parties, shown_at = excluded.shown_at
    ){further}
    SELECT views.kind, CAST(views.id AS text), views.audience, CAST(views.thread_id AS text)
    FROM views JOIN moved ON views.kind = moved.kind AND views.id = moved.id
"""
# The same for the public pages; most facts change nothing that everybody sees, nor its entry.
_ENTRIES = """, entered AS (
        SELECT * FROM json_to_recordset(CAST(:entries AS json)) AS row
            (kind text, id uuid, number text, owner_id uuid, state text, sort_at timestamptz,
             open_until timestamptz, industry text, region text, amount_fen bigint, terms text[],
             card text, etag text, changed_at timestamptz)
    ), no_longer AS (
        DELETE FROM public_entries USING moved
        WHERE public_entries.kind = moved.kind AND public_entries.id = moved.id
          AND (public_entries.kind, public_entries.id) NOT IN (SELECT kind, id FROM entered)
    ), listed AS (
        INSERT INTO public_entries
            (kind, id, number, owner_id, state, sort_at, open_until, industry, region, amount_fen,
             terms, card, etag, changed_at)
        SELECT * FROM entered
        ON CONFLICT (kind, id) DO UPDATE SET
            owner_id = excluded.owner_id, state = excluded.state, sort_at = excluded.sort_at,
            open_until = excluded.open_until, industry = excluded.industry,
            region = excluded.region, amount_fen = excluded.amount_fen, terms = excluded.terms,
            card = excluded.card, etag = excluded.etag, changed_at = excluded.changed_at
        WHERE public_entries.etag <> excluded.etag
    )"""
# Entries only where a thing of the batch has a page, steps where one may owe some, parts where
# there are any: each has its cost.
SHOWS = {
    (lists, owes, does): text(
        _SHOWN.replace(
            "{further}",
            lists * _ENTRIES + owes * f", {keeping.WITH}" + does * f", {keeping.DONE}",
        )
    )
    for lists, owes, does in product((False, True), repeat=3)
}

# What a reply has brought already: its guard stands as high, and the feed tells it or is about to.
PROJECTED = text(
    """
    SELECT CAST(fact.event_id AS text)
    FROM json_to_recordset(CAST(:facts AS json)) AS fact
        (event_id uuid, kind text, id uuid, sequence bigint)
    JOIN resources ON resources.kind = fact.kind AND resources.id = fact.id
        AND resources.sequence >= fact.sequence
    WHERE EXISTS (SELECT FROM feed WHERE feed.event_id = fact.event_id)
       OR EXISTS (SELECT FROM feed_waiting AS waiting WHERE waiting.event_id = fact.event_id)
    """
)
