"""Stories with little to go by: one without numbers, one with a single person."""

from __future__ import annotations

from typing import Final

FERRY: Final = """
The last ferryman of Balnashee tied up his boat for good on Sunday, and half of the island came to the pier to watch him
do it.

Alasdair Morven has carried sheep, brides and coffins across the sound since he took the oars over from his uncle Fergus.
“I have never once been thanked by a sheep,” he said.

From now on a bridge, built by the company Tarrant and Boyle, joins the island to Kilmorack. Transport minister Shona
Abernethy opened it with a pair of garden shears, because the ribbon had been tied by sailors.

Not everyone was glad. Isobel Dunnet, who keeps the post office, fears that visitors will drive through without stopping.
The fishermen of Port Lorne, led by Hamish Garrow, complained that the pillars had changed the current.

Abernethy promised a study by the University of Strathmuir. The bridge will be free of charge for islanders, she said,
whatever the treasury in Dunavon might think.

Morven is to become its keeper. He has asked for a small hut in the middle, with a window on either side, so that he can
still see who is coming.
"""

FERRY_REWRITTEN: Final = """
On Sunday a large part of the population of Balnashee gathered at the waterfront as the place's final ferryman moored his
vessel and called it a day.

Livestock, newly-weds and the dead have all been rowed over the strait by Alasdair Morven, who inherited the job from
Fergus, an uncle of his. “Not one sheep ever expressed its gratitude,” he remarked.

A crossing constructed by Tarrant and Boyle now links the island with Kilmorack. Shona Abernethy, who is in charge of
transport, needed shears from a garden to declare it open: seamen had knotted the ribbon.

Some had misgivings. Tourists may simply pass by, worries Isobel Dunnet, who runs the post office. In Port Lorne, Hamish
Garrow spoke for those who fish and protested that the water flows differently since the piers went up.

Strathmuir's university is to investigate, Abernethy pledged. Locals, she went on, are not going to pay any toll,
regardless of the views held at the treasury in Dunavon.

The new structure will be looked after by Morven himself. His wish is for a little cabin halfway along, windows facing
both directions, to let him keep an eye on arrivals.
"""

FERRY_IN_SPANISH: Final = """
El último barquero de Balnashee amarró su barca para siempre el domingo, y media isla acudió al muelle para verlo.

Alasdair Morven ha llevado ovejas, novias y ataúdes al otro lado del estrecho desde que heredó los remos de su tío Fergus.
«Ninguna oveja me ha dado nunca las gracias», dijo.

Desde ahora un puente, construido por la empresa Tarrant and Boyle, une la isla con Kilmorack. La ministra de Transportes,
Shona Abernethy, lo inauguró con unas tijeras de jardín, porque la cinta la habían atado unos marineros.

No todos estaban contentos. Isobel Dunnet, que lleva la oficina de correos, teme que los visitantes pasen sin detenerse.
Los pescadores de Port Lorne, encabezados por Hamish Garrow, se quejaron de que los pilares han cambiado la corriente.

Abernethy prometió un estudio de la Universidad de Strathmuir. El puente será gratuito para los isleños, dijo, piense lo
que piense el Tesoro en Dunavon.

Morven será su guardián. Ha pedido una pequeña caseta en el medio, con una ventana a cada lado, para seguir viendo quién
llega.
"""

FERRY_IN_RUSSIAN: Final = """
Последний паромщик Балнаши в воскресенье навсегда привязал свою лодку, и половина острова пришла на причал посмотреть на это.

Аласдер Морвен возил через пролив овец, невест и гробы с тех пор, как принял вёсла от своего дяди Фергюса. «Ни одна овца
ни разу не сказала мне спасибо», — сказал он.

Отныне мост, построенный компанией «Таррант и Бойл», соединяет остров с Килмораком. Министр транспорта Шона Абернети
открыла его садовыми ножницами, потому что ленту завязали моряки.

Рады были не все. Изобел Даннет, которая заведует почтой, боится, что туристы будут проезжать мимо. Рыбаки Порт-Лорна во
главе с Хэмишем Гэрроу жаловались, что опоры изменили течение.

Абернети пообещала исследование Стратмурского университета. Для островитян мост будет бесплатным, сказала она, что бы ни
думало казначейство в Данавоне.

Морвен станет его смотрителем. Он попросил поставить посередине небольшую будку с окном на каждую сторону, чтобы
по-прежнему видеть, кто идёт.
"""

FERRY_INDEPENDENT: Final = """
KILMORACK. The bridge to Balnashee was an hour old when it had its first traffic jam on Sunday: a hundred cars, two
tractors and a wedding party from Inverdoon.

“We shall lose the quiet,” said Morag Sinclair, who paints birds at Cutter's Point and was selling cards out of the boot
of her car. “On the other hand I have never sold so many cards.”

Transport minister Shona Abernethy, heckled by a group of cyclists who had been refused a lane, called the bridge the most
beautiful thing that her department had ever paid for. Her rival Duncan Mair, of the Highland Alliance, said that the same
money would have built a hospital in Lochavie.

Engineers worked on the crossing through four winters. A storm took one of the cranes and a strike at the Glenfarg
steelworks cost them a summer.

For Alasdair Morven, who ran the ferry, it was a short day. He rowed a reporter of Radio Lorne to the middle of the sound,
turned round, and said that this was that.
"""

MOTH: Final = """
A woman who spent 17 years counting butterflies in a disused quarry has found a species that was thought to be extinct,
the national museum confirmed on Monday.

Wilhelmina Tarbuck, a retired bus driver of 71, noticed the grey-winged moth on a lamp beside her caravan in May. She
photographed it 260 times and sent the pictures to the museum, which at first replied with a leaflet.

“I thought the leaflet was very nicely printed,” Tarbuck said. “So I wrote again, and I put a wing in the envelope.”

The moth was last recorded in 1926. Scientists examined the wing for six weeks and compared it with 38 specimens in their
drawers before they agreed that she was right.

A survey in August found 114 caterpillars on a single slope. The quarry, which was to be filled with rubble from a
motorway, is now closed to lorries until at least 2031.

Tarbuck has been offered a desk in the museum. She declined, saying that there were no moths there that were not pinned
down.
"""

MOTH_REWRITTEN: Final = """
On Monday it became official: a creature believed to have died out was rediscovered by an amateur who had been tallying
butterflies at an abandoned quarry for 17 years, according to experts at the national museum.

It was in May, next to the caravan she lives in, that Wilhelmina Tarbuck, 71 and formerly at the wheel of a bus, saw a moth
with grey wings sitting on a lamp. She took 260 photographs and posted them; all that the museum returned was a brochure.

“The brochure looked lovely,” Tarbuck recalled. “I sent another letter and this time enclosed a wing.”

Nobody had reported the insect since 1926. For six weeks researchers studied what they had received, holding it against 38
examples from their collection, until they admitted that the finder had not been mistaken.

By August, 114 caterpillars were counted on one hillside. Plans to tip motorway rubble into the quarry have been shelved,
and trucks are banned from it up to 2031 at the earliest.

An invitation to work at the museum was turned down by Tarbuck, since all moths inside it, she said, have pins through them.
"""

MOTH_IN_FRENCH: Final = """
Une femme qui a passé 17 ans à compter les papillons dans une carrière désaffectée a retrouvé une espèce que l'on croyait
éteinte, a confirmé lundi le musée national.

Wilhelmina Tarbuck, conductrice d'autobus retraitée de 71 ans, a remarqué en mai le papillon aux ailes grises sur une lampe
à côté de sa caravane. Elle l'a photographié 260 fois et a envoyé les images au musée, qui a d'abord répondu par un dépliant.

« J'ai trouvé le dépliant très bien imprimé », a dit Tarbuck. « Alors j'ai écrit de nouveau et j'ai mis une aile dans
l'enveloppe. »

Le papillon avait été signalé pour la dernière fois en 1926. Les scientifiques ont examiné l'aile pendant six semaines et
l'ont comparée à 38 spécimens de leurs tiroirs avant de convenir qu'elle avait raison.

Un relevé effectué en août a compté 114 chenilles sur une seule pente. La carrière, qui devait être comblée avec les
gravats d'une autoroute, est désormais fermée aux camions au moins jusqu'en 2031.

On a proposé à Tarbuck un bureau au musée. Elle a décliné, disant qu'il n'y avait là aucun papillon qui ne fût épinglé.
"""

MOTH_INDEPENDENT: Final = """
The smallest celebrity in the county weighs less than a stamp. Since the news broke on Monday, 400 people have climbed the
fence of the old quarry to see it, and none of them has.

“It flies at two in the morning and it is grey,” said the farmer who owns the next field and has begun to charge 5 pounds
for parking. “I could show them any moth.”

Conservationists fear for the animal. A lobby of 23 nature clubs demanded a warden, and the ministry promised 60,000 pounds
for a new fence by the winter.

The contractor that had leased the site wants its money back. It says that 90 lorries a day were to unload there and that
nobody had mentioned wings in the contract.

Wilhelmina Tarbuck, who made the find, has drawn the curtains of her caravan and put up a note that asks visitors not to
ring before noon.
"""
