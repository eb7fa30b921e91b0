"""Every table Réseau writes, with the headers its own sources read back."""

from __future__ import annotations

from reseau.exports._cells import Cell, plain
from reseau.exports._columns import Column, Row, Table, hours, number, structure, text, types, word
from reseau.exports._references import References
from reseau.model import vocabulary as words
from reseau.model.records import COUNT_LABELS

_ROLES = {code: label.split(" (")[0] for code, label in words.PARTNER_ROLES.items()}
_BETWEEN_PARTNERS = "|;\n"


def _unhosted(name: str, header: str) -> Column:
    # A hosted permanence is where its host is: writing the host's position would pin it there for good.
    def value(row: Row, _: References) -> Cell:
        return None if plain(row["host_id"]) is not None else plain(row[name])

    return Column(header, value, (name, "host_id"))


def _count(key: str, header: str) -> Column:
    return Column(header, lambda row, _: plain((row["counts"] or {}).get(key)), ("counts",))


def _joined(name: str, header: str, separator: str) -> Column:
    # The official files of quartiers hold several communes as «99101, 99102», in GeoJSON too.
    return Column(header, lambda row, _: separator.join(map(str, row[name] or ())) or None, (name,))


def _partners(row: Row, references: References) -> Cell:
    return tuple(
        f"{references.name(structure_id, name, separators=_BETWEEN_PARTNERS)} ({_ROLES.get(role, role)})"
        for structure_id, name, role in row["partners"] or ()
    )


def _tags(row: Row, _: References) -> Cell:
    return tuple(f"{key}={value}" for key, value in sorted((row["tags"] or {}).items()))


PARTENAIRES = Table(
    frame="structures",
    title="Partenaires",
    columns=(
        text("uid", "identifiant"),
        text("name", "nom"),
        types("types", "type"),
        text("description", "description"),
        text("address", "adresse"),
        text("address_extra", "complément d'adresse"),
        text("postcode", "code postal"),
        text("commune", "commune"),
        text("insee", "code insee"),
        text("lat", "latitude"),
        text("lon", "longitude"),
        word("position_precision", "précision de la position", words.POSITION_PRECISIONS),
        text("phone", "téléphone"),
        text("email", "courriel"),
        text("website", "site internet"),
        hours("horaires"),
        word("publics", "publics", words.PUBLICS),
        word("languages", "langues", words.LANGUAGES),
        text("free", "gratuit"),
        text("no_appointment", "sans rendez-vous"),
        text("accessible", "accessible"),
        text("access_conditions", "conditions d'accès"),
        word("reception_modes", "modes d'accueil", words.RECEPTION_MODES),
        text("served_quartiers", "quartiers desservis"),
        number("capacity", "capacité"),
        word("capacity_unit", "unité de capacité", words.CAPACITY_UNITS),
        text("finess", "finess"),
        text("siret", "siret"),
        text("closed", "fermée"),
        text("internal_note", "note interne"),
    ),
)

RELATIONS = Table(
    frame="relations",
    title="Relations",
    columns=(
        structure("from_id", "from_name", "de"),
        structure("to_id", "to_name", "vers"),
        word("purpose", "objet", words.RELATION_PURPOSES),
        word("direction", "sens", words.DIRECTIONS),
        number("intensity", "intensité"),
        word("status", "statut", words.RELATION_STATUS_LABELS),
        text("declared_by", "déclarée par"),
        text("confirmed", "confirmée"),
        text("referent_from", "référent côté « de »"),
        text("referent_to", "référent côté « vers »"),
        text("started_on", "depuis le"),
        text("renewal_on", "à renouveler le"),
        text("last_contact_on", "dernier contact le"),
        text("evidence", "preuve"),
        text("note", "note"),
    ),
)

PERMANENCES = Table(
    frame="permanences",
    title="Permanences",
    columns=(
        structure("structure_id", "structure_name", "structure"),
        types("type_code", "type"),
        structure("host_id", "host_name", "accueillie par"),
        text("place", "lieu"),
        _unhosted("lat", "latitude"),
        _unhosted("lon", "longitude"),
        hours("horaires"),
        text("free", "gratuit"),
        text("no_appointment", "sans rendez-vous"),
        word("languages", "langues", words.LANGUAGES),
        text("started_on", "depuis le"),
        text("ended_on", "jusqu'au"),
        text("note", "note"),
    ),
)

CONTACTS = Table(
    frame="contacts",
    title="Contacts",
    columns=(
        structure("structure_id", "structure_name", "structure"),
        text("name", "nom"),
        text("role", "fonction"),
        text("phone", "téléphone"),
        text("email", "courriel"),
        text("note", "note"),
    ),
)

JOURNAL = Table(
    frame="journal",
    title="Journal",
    columns=(
        structure("structure_id", "structure_name", "structure"),
        text("on", "date"),
        word("kind", "genre", words.JOURNAL_KINDS),
        text("text", "texte"),
        text("author", "auteur"),
    ),
)


def _quartier(row: Row, _: References) -> Cell:
    # The code says which one it is, the name says it to people.
    return f"{row['quartier_code']} ({row['quartier_name']})"


BESOINS = Table(
    frame="needs",
    title="Demandes",
    columns=(
        Column("quartier", _quartier, ("quartier_code", "quartier_name")),
        word("theme", "thème", words.THEMES),
        number("count", "nombre"),
        text("on", "date"),
        text("collected", "recueil"),
        text("note", "note"),
    ),
)

ACTIONS = Table(
    frame="actions",
    title="Actions",
    columns=(
        text("uid", "identifiant"),
        text("title", "titre"),
        word("form", "forme", words.ACTION_FORMS),
        text("theme", "thème"),
        word("publics", "publics", words.PUBLICS),
        word("languages", "langues", words.LANGUAGES),
        text("quartiers", "quartiers"),
        types("type_code", "type"),
        structure("host_id", "host_name", "accueillie par"),
        text("place", "lieu"),
        text("lat", "latitude"),
        text("lon", "longitude"),
        text("starts_on", "date"),
        text("start_time", "heure de début"),
        text("end_time", "heure de fin"),
        # «Une seule fois» is the absence of a recurrence: empty in the file too.
        word("recurrence", "récurrence", words.RECURRENCES),
        text("ends_on", "jusqu'au"),
        text("team", "équipe"),
        word("status", "statut", words.ACTION_STATUS_LABELS),
        Column("partenaires", _partners, ("partners",)),
        *(_count(key, label) for key, label in COUNT_LABELS.items()),
        text("outcome", "bilan"),
        text("note", "note"),
    ),
)

QUARTIERS = Table(
    frame="quartiers",
    title="Quartiers",
    columns=(
        text("code", "code_qp"),
        text("name", "lib_qp"),
        text("kind", "genre"),
        number("generation", "generation"),
        _joined("communes", "insee_com", ", "),
        _joined("commune_names", "lib_com", ", "),
        number("population", "pop"),
        text("population_source", "pop_source"),
        _joined("languages", "langues", " | "),
        text("source", "source"),
        text("data_date", "date des données"),
    ),
)

REPERES = Table(
    frame="reperes",
    title="Repères",
    columns=(
        text("uid", "identifiant"),
        text("name", "nom"),
        types("type_code", "type"),
        text("address", "adresse"),
        text("phone", "téléphone"),
        text("website", "site internet"),
        text("opening_hours", "horaires"),
        text("finess", "finess"),
        Column("attributs", _tags, ("tags",)),
        text("source", "source"),
        text("updated_on", "relu le"),
    ),
)

LACUNES = Table(
    frame="gaps",
    title="Lacunes",
    columns=(
        text("quartier_code", "code du quartier"),
        text("quartier_name", "quartier"),
        types("type_code", "type"),
        word("state", "état", words.STATE_LABELS),
        text("share", "part des habitants à proximité"),
        text("minutes_nearest", "minutes à pied"),
        text("metres_nearest", "mètres jusqu'au plus proche"),
        text("minutes_boundary", "minutes à pied de l'habitant le plus proche"),
        text("nearest_name", "le plus proche"),
        number("n_inside", "lieux dans le quartier"),
        number("n_500", "lieux dans le quartier ou à 500 m"),
        number("n_points", "lieux connus"),
        number("n_near", "lieux proches"),
        number("n_unplaced", "lieux sans position"),
        number("threshold_minutes", "seuil (minutes à pied)"),
        text("reliable", "fiable"),
        text("fragile", "fragile"),
        text("reason", "pourquoi"),
    ),
)

TABLES = (PARTENAIRES, RELATIONS, PERMANENCES, ACTIONS, QUARTIERS, LACUNES, CONTACTS, JOURNAL, BESOINS)
