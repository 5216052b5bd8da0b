"""A register of the mint with facts of every later kind, some of which are mended, unified or withheld."""

from __future__ import annotations

ENTRIES = {
    "1-founding.yaml": """
entry: founding
instrument: {kind: decree, number: 1, signed: 1802-09-08, in_force: 1802-09-20}
changes:
  - {kind: unit-established, unit: treasury, name: {en: Treasury}}
  - {kind: unit-established, unit: mint, name: {en: Mint, ru: Двор}, parent: treasury}
  - {kind: unit-established, unit: assay, name: {en: Assay}, parent: mint}
  - {kind: post-created, post: warden, unit: mint, title: {en: Warden}, seats: 1, portfolio: {en: coin and medals}}
  - {kind: post-created, post: clerk, unit: assay, title: {en: Clerk}}
  - {kind: person-registered, person: ann, name: {en: Ann Lee}, names: [{ru: Анна Ли}], born: 1770~}
  - {kind: person-registered, person: bob, name: {en: Bob Ray}}
  - {kind: person-registered, person: robert, name: {en: Robert Ray}}
  - {kind: appointed, person: ann, post: warden, capacity: substantive}
  - {kind: appointed, person: robert, post: clerk, capacity: substantive}
  - {kind: function-assigned, holder: mint, function: coining, text: {en: strikes coin}}
  - {kind: function-assigned, holder: warden, function: seals, text: {en: keeps the seals}}
  - {kind: mandate-declared, unit: mint, gist: {en: coin for the realm}, provision: art. 2}
""",
    "2-almanac.yaml": """
entry: almanac
effective: 1805-06
changes:
  - {kind: quantity-observed, subject: mint, quantity: staff, value: 40, approximate: true, claimant: the Almanac}
  - {kind: count-claimed, what: wardens, post: warden, during: 1802/1812, value: 3, claimant: the Almanac}
  - {kind: count-claimed, what: clerks, unit: assay, during: 1802/1812, value: 1}
  - {kind: statement-made, about: mint, topic: rule, gist: {en: strikes no copper}, during: 1803/1804, claimant: Smith}
  - {kind: life-event, person: ann, what: education, place: {en: Riga}, effective: 1790}
  - {kind: statement-made, about: mint, topic: other, gist: {en: a slander}}
""",
    "3-decree-2.yaml": """
entry: decree-2
instrument: {kind: decree, number: 2, signed: 1811-06-20, in_force: 1811-07-01}
changes:
  - {kind: unit-renamed, unit: mint, name: {en: Imperial Mint}}
  - {kind: capacity-changed, person: ann, post: warden, capacity: acting}
  - {kind: function-transferred, holder: treasury, function: coining}
  - {kind: units-reorganized, form: transform, before: [assay],
     after: [{unit: trials, name: {en: Trials}, parent: mint}]}
  - {kind: unnamed-units-abolished, count: 4, unit_kind: office, parent: mint}
""",
    "4-mending.yaml": """
entry: mending
changes:
  - {kind: annulled, target: "decree-2#1", reason: a forgery}
  - {kind: annulled, target: "decree-2#4", reason: a forgery}
  - {kind: corrected, target: "almanac#1", reason: misprint,
     change: {kind: quantity-observed, subject: mint, quantity: staff, value: 41}}
  - {kind: redacted, targets: ["almanac#6"], scope: all, ground: privacy}
""",
    "5-one-man.yaml": """
entry: one-man
changes:
  - {kind: identities-unified, ids: [bob, robert], reason: one man}
""",
}
FOUNDED, FORGED, MENDED = 15, 27, 32
"""The positions after the founding, before the mending, and at the end."""
