"""Names of the stored fields in French, for forms, pages and refusals.

The command `diff` says the headers of exported tables instead: see `reseau.services._labels`.
"""

from __future__ import annotations

# In the order of the sheets.
FIELD_LABELS = {
    "name": "Nom", "types": "Types", "description": "Description", "address": "Adresse",
    "address_extra": "Complément d'adresse", "postcode": "Code postal", "commune": "Commune",
    "insee": "Code commune INSEE", "lon": "Longitude", "lat": "Latitude",
    "position_precision": "Précision de la position", "phone": "Téléphone", "email": "Courriel",
    "website": "Site internet", "opening_hours": "Horaires", "hours_text": "Horaires (texte)",
    "publics": "Publics", "languages": "Langues", "free": "Gratuit", "no_appointment": "Sans rendez-vous",
    "accessible": "Accessible aux personnes à mobilité réduite", "access_conditions": "Conditions d'accès",
    "reception_modes": "Modes d'accueil", "served_quartiers": "Quartiers desservis", "finess": "FINESS",
    "siret": "SIRET", "capacity": "Capacité", "capacity_unit": "Unité de capacité",
    "uai": "UAI (établissement scolaire)", "closed": "Fermée définitivement", "internal_note": "Note interne",
    "reviewed_on": "Vérifiée le", "review_days": "À revoir tous les (jours)",
    "purpose": "Objet", "direction": "Sens", "intensity": "Intensité", "status": "Statut",
    "declared_by": "Déclarée par", "confirmed": "Confirmée", "referent_from": "Référent (de)",
    "referent_to": "Référent (vers)", "started_on": "Depuis le", "renewal_on": "À renouveler le",
    "last_contact_on": "Dernier contact le", "evidence": "Justificatif", "note": "Note",
    "type_code": "Type de service", "structure_id": "Tenue par", "host_id": "Accueillie par",
    "place": "Lieu", "ended_on": "Jusqu'au", "role": "Fonction", "on": "Date", "kind": "Genre",
    "text": "Texte", "author": "Auteur", "theme": "Thème", "count": "Nombre", "collected": "Recueil",
}  # fmt: skip
# What no sheet of the directory shows under its own name.
OTHER_LABELS = {
    "wkb": "Contour", "communes": "Communes", "commune_names": "Noms des communes", "code": "Code",
    "population": "Nombre d'habitants", "population_source": "Source du nombre d'habitants",
    "uid": "Identifiant", "indicators": "Indicateurs", "generation": "Génération",
    "data_date": "Date des données", "title": "Titre", "form": "Forme",
    "quartiers": "Quartiers", "quartier_id": "Quartier",
    "starts_on": "Date", "start_time": "Heure de début",
    "end_time": "Heure de fin", "recurrence": "Récurrence", "ends_on": "Jusqu'au", "team": "Équipe",
    "partners": "Partenaires", "counts": "Bilan en nombres", "outcome": "Bilan",
    "parent": "Commune de rattachement", "epci": "Intercommunalité (SIREN)",
    "epci_name": "Intercommunalité", "postcodes": "Codes postaux", "year": "Année", "people": "Habitants",
    "households": "Ménages", "poor_households": "Ménages pauvres", "tags": "Étiquettes de la carte",
    "from_id": "De", "to_id": "Vers", "position": "Position", "deleted_at": "Mise de côté", "x": "X",
    "y": "Y", "epsg": "Système de coordonnées",
}  # fmt: skip


def field_label(name: str) -> str:
    """A field as the interface calls it, its own name where it has no other."""
    return FIELD_LABELS.get(name) or OTHER_LABELS.get(name, name)
