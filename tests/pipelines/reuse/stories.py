"""Fictional news for the tests of text reuse: one story told in many ways, and a German one.

`tram` stories are of the theft of a cable, `violin` stories of the return of a violin. What other languages
make of the first is in `translations`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from pipelines.reuse.reading import Reading, Story, read

TRAM_TIME: Final = datetime(2025, 9, 17, 15, 30, tzinfo=UTC)  # a Wednesday
VIOLIN_TIME: Final = datetime(2025, 9, 15, 14, tzinfo=UTC)  # a Monday


def told(text: str, language: str | None = "en", published: datetime | None = None) -> Story:
    """A story of a text with empty lines between its paragraphs."""
    paragraphs = tuple(" ".join(part.split()) for part in text.strip().split("\n\n"))
    return Story(paragraphs=paragraphs, language=language, published=published)


def reading_of(text: str, language: str | None = "en", published: datetime | None = None) -> Reading:
    """A reading of such a story."""
    return read(told(text, language, published))


TRAM: Final = """
Thieves stole 4,200 metres of copper cable from the tram network of Velmora on Tuesday night, leaving 61,500
passengers without a ride to work.

Transport director Renata Kolvik said that lines 3 and 17 would stand still until Friday. “They came with a lorry
and a plan of our tunnels,” she told reporters at the depot in Dunmarsh.

Police found a burnt-out van near the quarry at Osterby, 12 kilometres away, and arrested a man of 38. Inspector
Tobias Quennell said that the cable was worth about 870,000 crowns at the scrap yard.

It is the fourth theft since March, when the city council cut the budget for guards by 15 per cent. Mayor Ludmila
Brandt refused to say whether the guards would come back.

Repairs will cost 2.4 million crowns, according to the engineering firm Pelikan, which laid the cable in 2019. Its
spokesman, Owen Darrity, said that 45 workers had been called from their holidays.

Until then 30 buses replace the trams. At the Velmora bus station on Wednesday the queue reached the river. “I have
walked nine kilometres with a cello,” said Mira Solano, 24, a student at the Lindqvist Academy.

The council meets on 23 September to decide whether the tunnels should have cameras.
"""

TRAM_EDITED: Final = """
Thieves stole 4,200 metres of copper cable from Velmora's tram network on Tuesday night, leaving 61,500 passengers
without a ride to work.

Transport director Renata Kolvik said that lines 3 and 17 would stand still until Friday. “They came with a lorry
and a plan of our tunnels,” she told reporters in Dunmarsh.

Police found a burnt-out van near the quarry at Osterby, 12 kilometres away, and arrested a man aged 38. Inspector
Tobias Quennell said that the cable was worth about 870,000 crowns.

It is the fourth theft since March, when the city council cut the budget for guards by 15 per cent.

Repairs will cost 2.4 million crowns, according to the engineering firm Pelikan, which laid the cable in 2019.

Until then 30 buses replace the trams. On Wednesday the queue reached the river. “I have walked nine kilometres
with a cello,” said Mira Solano, 24, a student at the Lindqvist Academy. Thefts of metal are on the rise everywhere.
"""

TRAM_REWRITTEN: Final = """
A gang made off with copper wiring measuring 4,200 metres on Tuesday night, taking it out of the tram system in
Velmora and stranding 61,500 commuters the next morning.

No service is expected before Friday on routes 3 and 17, according to Renata Kolvik, head of transport. “These
people had a truck, and they knew how our tunnels run,” was how she put it to journalists gathered at the Dunmarsh
depot.

Officers later discovered a vehicle gutted by fire some 12 kilometres off, close to a quarry in Osterby; a suspect
aged 38 is being held. On the scrap market the haul could fetch 870,000 crowns or so, estimated Tobias Quennell,
the inspector in charge.

Since March, in which month councillors trimmed spending on security staff by 15 per cent, three earlier raids have
been recorded. Whether those patrols are to be restored, Ludmila Brandt, the mayor, would not disclose.

Pelikan, the company whose engineers installed the wiring back in 2019, puts the bill for mending everything at 2.4
million crowns. Holidays have been interrupted for 45 employees, added Owen Darrity, who speaks for the business.

Meanwhile, 30 replacement coaches are running. By Wednesday the line of people waiting at the bus terminal in Velmora
stretched down to the water. Mira Solano, who is 24 and attends the Lindqvist Academy, complained: “My feet carried
me and my cello nine kilometres.”

Cameras for the tunnels are on the agenda of the council sitting planned for September 23.
"""

TRAM_ROUNDTRIP: Final = """
On the night of Tuesday, criminals have stolen 4,200 meters of copper wire from the tramway network in Velmora, so
that 61,500 travelers remained without transport to their workplace.

The director of transports, Renata Kolvik, explained that the lines 3 and 17 remain stopped up to Friday. "They have
come with a truck and a map of our tunnels", she explained to the journalists in the depot of Dunmarsh.

The police has discovered a burned van next to the stone pit of Osterby, in 12 kilometers distance, and took a
38-year-old man into custody. The inspector Tobias Quennell explained the cable would be worth approximately 870,000
crowns in the junkyard.

This is already the fourth robbery since March, as the municipal council shortened the money for the security guards
by 15 percent. The mayor Ludmila Brandt did not want to say if the guards will return.

The repair costs 2.4 million crowns, so the engineering office Pelikan, which installed the cable in the year 2019.
The speaker Owen Darrity explained one has called 45 workers back from the vacation.

Up to then 30 buses drive instead of the trams. On Wednesday the waiting line at the bus station of Velmora went
until the river. "I went nine kilometers on foot with a violoncello", explained the 24-year-old Mira Solano, who
studies at the Lindqvist Academy.

On September 23 the council comes together in order to decide if cameras are needed in the tunnels.
"""

TRAM_INDEPENDENT: Final = """
Before sunrise on Wednesday the pavements of Velmora were black with people. Nobody had told them that the trams
were not running.

“I teach at eight and it is now ten past nine,” said Gregor Hallam, a chemistry master, who had given up waiting
outside the Opera House and was trying to hire a bicycle. All 340 of them were taken by seven.

Somebody has pulled more than four kilometres of wire out of the Dunmarsh tunnel, the third such raid on the eastern
side of town this year by the union's count. “We warned them in 11 letters,” said Petra Ionescu, who represents
drivers. “Every one was answered by the same machine.”

The transport authority would not say when normal service returns. Taxi fares doubled to 90 crowns by noon, and the
university put off examinations for 2,300 students.

In the council chamber the opposition blamed Mayor Ludmila Brandt for sending the night watch home. A dealer in metals
from Kestrel Bay, who asked not to be named, reckoned the thieves would get less than they hoped: prices have dropped
by 8 per cent since June.

Detectives are looking for a second lorry, seen on film crossing the Aldine bridge shortly after 2am.
"""

TRAM_FOLLOWUP: Final = """
Trams rolled again in Velmora on Friday after crews had worked two nights in the Dunmarsh tunnel, while the hunt for
the cable thieves widened to the coast.

A second suspect, a scrap dealer of 52, was picked up at Kestrel Bay on Thursday evening with 1,900 metres of copper
under a heap of tyres, Inspector Tobias Quennell said. “He told us that he collects it,” the inspector added.

Renata Kolvik, the transport director, rode on the first number 17 herself and handed out 600 apples. “It is a small
apology,” she said.

Mayor Ludmila Brandt gave in to her critics and promised 18 guards from October, at 1.1 million crowns a year. The
opposition called that a bandage and asked for an inquiry.

On Tuesday night thieves had taken the cable of two lines, and more than 60,000 people were stranded in the morning.

Insurers of the firm Pelikan expect to pay half of the damage. A court in Velmora will hear the first suspect, a man
from Osterby, on Monday.
"""

VIOLIN: Final = """
Das Stadtmuseum in Ebersfelde hat am Montag eine Geige aus dem Jahr 1741 an die Enkel ihres früheren Besitzers
zurückgegeben. Der Geiger Samuel Rosenau hatte sie 1938 weit unter ihrem Wert verkaufen müssen.

„Meine Mutter hat von diesem Instrument gesprochen wie von einem Bruder“, sagte die Enkelin Judith Almager, 67, die
mit elf Verwandten aus Montevideo angereist war.

Museumsleiterin Cornelia Wiesgrund schätzt den Wert der Geige auf 1,6 Millionen Euro. Sie stammt aus der Werkstatt von
Matteo Garavelli in Cremona und hing seit 1952 in Saal 14.

Auf die Spur kam den Erben ein Student: Jonas Petrich fand vor drei Jahren im Stadtarchiv eine Quittung über 380
Reichsmark. Die Kommission unter dem Vorsitz von Albrecht Thoma prüfte danach 2.700 Seiten Akten.

Der Stadtrat stimmte der Rückgabe im Juni mit 41 gegen 6 Stimmen zu. Oberbürgermeister Hendrik Vossler sprach von
einer späten Selbstverständlichkeit.

Die Familie will das Instrument nicht verkaufen. Sie verleiht es für zehn Jahre an die Geigerin Amelie Santoro, die es
am 9. November in der Synagoge von Ebersfelde spielen wird. Der Erlös aus 520 Karten geht an das Archiv.
"""

VIOLIN_REWRITTEN: Final = """
Eine 1741 gebaute Geige ist wieder im Besitz der Familie, der sie einst gehörte: Am Montag händigte das Ebersfelder
Stadtmuseum sie den Enkelkindern von Samuel Rosenau aus. Der Musiker war 1938 gezwungen gewesen, sie für einen
Bruchteil des Preises abzutreten.

Judith Almager, 67 Jahre alt und gemeinsam mit elf Angehörigen aus Montevideo gekommen, erinnerte sich: „Wenn meine
Mama die Violine erwähnte, klang es, als rede sie über ihren Bruder.“

Auf 1,6 Millionen Euro beziffert Cornelia Wiesgrund, die das Haus leitet, den heutigen Preis. Gefertigt wurde das
Stück in Cremona bei Matteo Garavelli; Besucher konnten es ab 1952 in Saal 14 betrachten.

Den entscheidenden Hinweis lieferte ein junger Mann. Drei Jahre ist es her, dass Jonas Petrich, der damals studierte,
beim Stöbern im Stadtarchiv auf einen Beleg über 380 Reichsmark stieß. Anschließend arbeitete sich ein Gremium, das
Albrecht Thoma führte, durch 2.700 Aktenseiten.

Bereits im Juni hatten die Ratsmitglieder mit 41 zu 6 für die Restitution votiert. Längst überfällig sei der Schritt,
befand Stadtoberhaupt Hendrik Vossler.

Verkauft werden soll die Geige keineswegs. Ein Jahrzehnt lang darf Amelie Santoro auf ihr musizieren; ihr erster
Auftritt damit ist für den 9. November angesetzt, in der Ebersfelder Synagoge. Was die 520 Eintrittskarten einbringen,
kommt dem Archiv zugute.
"""

VIOLIN_INDEPENDENT: Final = """
Wer in Ebersfelde nach der Garavelli fragt, bekommt in diesen Tagen viele Meinungen zu hören. Die einen freuen sich,
die anderen rechnen.

„Uns fehlt jetzt das einzige Stück, für das die Leute aus Leipzig kamen“, sagt Rainer Obst, der 26 Jahre lang Besucher
durch das Stadtmuseum geführt hat. Im vergangenen Jahr zählte das Haus 31.000 Gäste, ein Fünftel von ihnen Schüler.

Der Förderverein hatte noch im Frühjahr 90.000 Euro gesammelt, um den Erben ein Angebot zu machen. Es reichte nicht
einmal für den Bogen, wie ein Gutachter aus Wien trocken anmerkte.

Dass die Familie von Samuel Rosenau nun recht bekommen hat, nennt die Historikerin Beate Lindhorst dennoch einen
Glücksfall. In deutschen Sammlungen lägen nach ihrer Zählung mindestens 1.150 Instrumente, deren Herkunft niemand
geprüft habe. „Die meisten Häuser schauen lieber nicht in den Kasten.“

Das Museum will in der leeren Vitrine von Oktober an eine Tonaufnahme von 1934 vorspielen, auf der Rosenau ein Largo
von Händel geigt. Direktorin Cornelia Wiesgrund hat dafür 4.300 Euro beantragt.
"""

TRAM_EXCERPT: Final = "\n\n".join(TRAM.strip().split("\n\n")[:3])


def hours_after(hours: float, since: datetime = TRAM_TIME) -> datetime:
    """A time after the tram story was published, or after another."""
    return since + timedelta(hours=hours)
