"""QPV of 2015 kept aside: what those of 2024 took over, and the populations that may be carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from reseau.geo.correspondence import SLIVER_SHARE
from reseau.services import context as around
from reseau.ui import wording

if TYPE_CHECKING:
    from reseau.ui.context import Context

ANSWER = "generations_answer"
ROWS, HEIGHT = 8, 300
WHAT_IT_IS = (
    "C'est une **estimation** : les habitants de chaque quartier de 2015 sont supposés répartis également "
    "sur sa surface. Elle n'est écrite que là où le nombre est inconnu, jamais à la place d'un nombre "
    "officiel ou du vôtre, et seulement si les quartiers de 2015 couvrent au moins "
    f"{around.COVERED_SHARE:.0%} de celui de 2024. Un chiffre secret de 2015 laisse le quartier inconnu."
).replace("%", " %")


def generations(context: Context) -> None:
    """What became of the QPV of 2015; nothing where none is kept aside."""
    former = context.view.former_quartiers
    if former.empty:
        return
    title = f"Quartiers de 2015 gardés de côté ({len(former)})"
    with st.expander(title, icon=":material/history:"):
        st.caption(
            "Le tableau, la carte et les états ne montrent que les quartiers de 2024. Ceux de 2015 "
            "servent à comparer. La correspondance est faite par la surface, jamais par le code ni par le "
            f"nom ; une partie commune de moins de {SLIVER_SHARE:.0%} des deux quartiers est laissée de "
            "côté (les contours publiés "
            "sont arrondis).".replace("%", " %")
        )
        _table(context)
        _carrying(context)


def origin(context: Context, code: str) -> None:
    """One sentence for each QPV of 2015 that a quartier of 2024 took over."""
    pairs = around.correspondence(context.app, context.tid)
    for row in pairs[pairs["new_code"].eq(code)].to_dict("records"):
        # Names come from files: plain text, not markup.
        st.text(
            f"Ce quartier de 2024 reprend {wording.percent(row['share_of_old'])} de la surface de "
            f"« {row['old_name']} » (2015), soit {wording.percent(row['share_of_new'])} de la sienne."
        )


def _table(context: Context) -> None:
    pairs = around.correspondence(context.app, context.tid)
    former = context.view.former_quartiers
    rows = [
        {
            "Quartier de 2015": row["old_name"],
            "Repris par (2024)": row["new_name"],
            "Part de celui de 2015": row["share_of_old"] * 100,
            "Part de celui de 2024": row["share_of_new"] * 100,
        }
        for row in pairs.to_dict("records")
    ]
    gone = former[~former["code"].isin(pairs["old_code"])]
    rows += [{"Quartier de 2015": name, "Repris par (2024)": "aucun quartier"} for name in gone["name"]]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height=HEIGHT if len(rows) > ROWS else "auto",
        placeholder="—",
        column_config={
            name: st.column_config.NumberColumn(format="%.0f %%")
            for name in ("Part de celui de 2015", "Part de celui de 2024")
        },
    )


def _carrying(context: Context) -> None:
    estimates = around.population_estimates(context.app, context.tid)
    possible = estimates[estimates["population"].notna()]
    _answer()
    if estimates.empty:
        return
    unknown = wording.plural(len(estimates), "quartier")
    st.markdown(f"**Nombre d'habitants inconnu : {unknown} de 2024.** {WHAT_IT_IS}")
    if possible.empty:
        st.caption("Aucune estimation n'est possible avec les quartiers de 2015 chargés et leurs chiffres.")
        return
    label = f"Estimer la population de {wording.plural(len(possible), 'quartier')}"
    if st.button(label, icon=":material/calculate:", key="generations_carry"):
        carried = around.carry_population(context.app, context.tid)
        st.session_state[ANSWER] = carried
        # The form of a quartier remembers what it showed: it must show what is written now.
        for key in [key for key in st.session_state if str(key).startswith("q_")]:
            del st.session_state[key]
        st.rerun()


def _answer() -> None:
    carried: around.Carried | None = st.session_state.pop(ANSWER, None)
    if carried is None:
        return
    st.success(f"{wording.plural(len(carried.written), 'estimation écrite', 'estimations écrites')}.")
    if carried.left:
        st.text("\n".join(f"{name} : reste inconnu, {reason}." for _, name, reason in carried.left))
