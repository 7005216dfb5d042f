"""What other languages make of the stories of `stories`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_GERMAN = """
Diebe haben in der Nacht zum Mittwoch 4.200 Meter Kupferkabel aus dem Straßenbahnnetz von Velmora gestohlen, sodass
61.500 Fahrgäste nicht zur Arbeit kamen.

Verkehrsdirektorin Renata Kolvik sagte, die Linien 3 und 17 stünden bis Freitag still. „Sie kamen mit einem Lastwagen
und einem Plan unserer Tunnel“, sagte sie Reportern im Depot in Dunmarsh.

Die Polizei fand einen ausgebrannten Lieferwagen nahe dem Steinbruch von Osterby, 12 Kilometer entfernt, und nahm einen
38 Jahre alten Mann fest. Inspektor Tobias Quennell sagte, das Kabel sei auf dem Schrottplatz etwa 870.000 Kronen wert.

Es ist der vierte Diebstahl seit März, als der Stadtrat die Mittel für Wachleute um 15 Prozent kürzte. Bürgermeisterin
Ludmila Brandt wollte nicht sagen, ob die Wachleute zurückkehren.

Die Reparatur kostet nach Angaben der Ingenieurfirma Pelikan, die das Kabel 2019 verlegt hatte, 2,4 Millionen Kronen.
Ihr Sprecher Owen Darrity sagte, 45 Arbeiter seien aus dem Urlaub geholt worden.

Bis dahin ersetzen 30 Busse die Bahnen. Am Busbahnhof von Velmora reichte die Schlange am Mittwoch bis zum Fluss. „Ich
bin neun Kilometer mit einem Cello gelaufen“, sagte Mira Solano, 24, Studentin an der Lindqvist-Akademie.

Der Rat entscheidet am 23. September, ob die Tunnel Kameras bekommen.
"""

_RUSSIAN = """
Воры похитили 4200 метров медного кабеля из трамвайной сети Велморы в ночь на среду, и 61 500 пассажиров не смогли
добраться до работы.

Директор по транспорту Рената Колвик сообщила, что линии 3 и 17 не будут работать до пятницы. «Они приехали с
грузовиком и планом наших тоннелей», — сказала она журналистам в депо в Данмарше.

Полиция нашла сгоревший фургон у карьера в Остерби, в 12 километрах оттуда, и задержала 38-летнего мужчину. Инспектор
Тобиас Квеннелл сказал, что кабель стоит около 870 000 крон на рынке металлолома.

Это уже четвёртая кража с марта, когда городской совет урезал бюджет на охрану на 15 процентов. Мэр Людмила Брандт
отказалась сказать, вернут ли охранников.

Ремонт обойдётся в 2,4 миллиона крон, по данным инженерной фирмы «Пеликан», которая проложила кабель в 2019 году. Её
представитель Оуэн Даррити сказал, что 45 рабочих отозвали из отпусков.

До тех пор трамваи заменяют 30 автобусов. На автовокзале Велморы в среду очередь доходила до реки. «Я прошла девять
километров с виолончелью», — сказала 24-летняя Мира Солано, студентка академии Линдквиста.

Совет соберётся 23 сентября, чтобы решить, нужны ли в тоннелях камеры.
"""

_POLISH = """
Złodzieje ukradli we wtorek w nocy 4200 metrów miedzianego kabla z sieci tramwajowej w Velmorze, przez co 61 500
pasażerów nie miało jak dojechać do pracy.

Dyrektorka transportu Renata Kolvik powiedziała, że linie 3 i 17 będą stały do piątku. „Przyjechali ciężarówką i mieli
plan naszych tuneli” – mówiła dziennikarzom w zajezdni w Dunmarshu.

Policja znalazła spalonego vana obok kamieniołomu w Osterby, 12 kilometrów dalej, i zatrzymała 38-letniego mężczyznę.
Według inspektora Tobiasa Quennella kabel był na złomowisku wart około 870 000 koron.

To czwarta kradzież od marca, kiedy rada miejska obcięła wydatki na strażników o 15 procent. Burmistrzyni Ludmiła Brandt
nie chciała powiedzieć, czy strażnicy wrócą.

Naprawa będzie kosztować 2,4 miliona koron, jak podaje firma inżynieryjna Pelikan, która położyła kabel w 2019 roku. Jej
rzecznik Owen Darrity powiedział, że 45 robotników wezwano z urlopów.

Do tego czasu tramwaje zastępuje 30 autobusów. Na dworcu autobusowym w Velmorze kolejka sięgała w środę rzeki. „Szłam
dziewięć kilometrów z wiolonczelą” – opowiadała 24-letnia Mira Solano, studentka Akademii Lindqvista.

Rada zbierze się 23 września, aby zdecydować, czy w tunelach mają być kamery.
"""

_CHINESE = """
周二夜间，窃贼从维尔莫拉的有轨电车网络盗走了4200米铜缆，导致6.15万名乘客无法乘车上班。

交通局长雷娜塔·科尔维克说，3号线和17号线将停运至周五。“他们开着卡车来，还带着我们隧道的图纸，”她在邓马什车辆段对记者说。

警方在12公里外奥斯特比的采石场附近发现一辆烧毁的面包车，并逮捕了一名38岁的男子。探长托拜厄斯·昆内尔说，这些电缆在废品站价值约87万克朗。

这是3月以来的第四起盗窃案，当时市议会将保安预算削减了15%。市长柳德米拉·布兰特拒绝透露是否会恢复保安。

2019年铺设该电缆的工程公司佩利坎表示，维修费用将达240万克朗。其发言人欧文·达里蒂说，已有45名工人从休假中被召回。

在此之前，由30辆公交车代替电车。周三，维尔莫拉汽车站的队伍一直排到河边。“我背着大提琴走了九公里，”林德奎斯特学院24岁的学生米拉·索拉诺说。

市议会将于9月23日开会，决定是否在隧道内安装摄像头。
"""

_ARABIC = """
سرق لصوص 4200 متر من الكابلات النحاسية من شبكة الترام في فيلمورا ليلة الثلاثاء، ما ترك 61500 راكب بلا وسيلة نقل إلى العمل.

وقالت مديرة النقل ريناتا كولفيك إن الخطين 3 و17 سيبقيان متوقفين حتى الجمعة. وأضافت للصحفيين في مستودع دنمارش: «جاؤوا بشاحنة ومعهم خريطة لأنفاقنا».

وعثرت الشرطة على شاحنة صغيرة محترقة قرب محجر في أوستربي على بعد 12 كيلومترا، وألقت القبض على رجل عمره 38 عاما. وقال المفتش توبياس كوينيل إن قيمة الكابل في ساحة الخردة نحو 870 ألف كرونة.

وهذه رابع سرقة منذ مارس، حين خفض مجلس المدينة ميزانية الحراس بنسبة 15 في المئة. ورفضت رئيسة البلدية لودميلا براندت القول ما إذا كان الحراس سيعودون.

وستكلف الإصلاحات 2.4 مليون كرونة بحسب شركة الهندسة بيليكان التي مدت الكابل عام 2019. وقال المتحدث باسمها أوين داريتي إن 45 عاملا استدعوا من إجازاتهم.

وحتى ذلك الحين تحل 30 حافلة محل الترام. وفي محطة حافلات فيلمورا وصل الطابور يوم الأربعاء إلى النهر. وقالت ميرا سولانو، 24 عاما، الطالبة في أكاديمية ليندكفيست: «مشيت تسعة كيلومترات مع آلة التشيلو».

ويجتمع المجلس في 23 سبتمبر ليقرر ما إذا كانت الأنفاق تحتاج إلى كاميرات.
"""

_JAPANESE = """
火曜日の夜、ベルモラの路面電車網から銅ケーブル4200メートルが盗まれ、6万1500人の乗客が通勤の足を失った。

交通局長のレナータ・コルビク氏は、3号線と17号線は金曜日まで運休すると述べた。「犯人はトラックと、我々のトンネルの図面を持って来た」とダンマーシュの車庫で記者団に語った。

警察は12キロ離れたオスタビーの採石場の近くで焼けたワゴン車を発見し、38歳の男を逮捕した。トビアス・クエンネル警部によると、ケーブルはスクラップ業者で約87万クローネの価値がある。

盗難は3月以来4件目。市議会は3月に警備員の予算を15パーセント削減していた。ルドミラ・ブラント市長は、警備員を戻すかどうか明言を避けた。

2019年にケーブルを敷設したエンジニアリング会社ペリカンによると、修理には240万クローネかかる。広報担当のオーウェン・ダリティ氏は、作業員45人を休暇から呼び戻したと述べた。

それまでは30台のバスが電車に代わる。水曜日、ベルモラのバスターミナルの列は川まで続いた。「チェロを担いで9キロ歩きました」とリンドクビスト・アカデミーの学生ミラ・ソラノさん(24)は話した。

市議会は9月23日に会合を開き、トンネルにカメラを設置するかどうかを決める。
"""

_KOREAN = """
화요일 밤 벨모라의 전차망에서 구리 케이블 4200미터가 도난당해 승객 6만1500명이 출근길 발이 묶였다.

레나타 콜비크 교통국장은 3호선과 17호선이 금요일까지 멈춘다고 말했다. 그는 던마시 차고지에서 기자들에게 "그들은 트럭과 우리 터널의 도면을 가지고 왔다"고 말했다.

경찰은 12킬로미터 떨어진 오스터비 채석장 근처에서 불에 탄 승합차를 발견하고 38세 남성을 체포했다. 토비아스 퀘넬 경위는 이 케이블이 고물상에서 약 87만 크로네의 가치가 있다고 말했다.

시의회가 경비원 예산을 15퍼센트 줄인 3월 이후 네 번째 절도다. 루드밀라 브란트 시장은 경비원을 다시 둘지 밝히기를 거부했다.

2019년에 케이블을 설치한 엔지니어링 회사 펠리칸에 따르면 수리비는 240만 크로네다. 오언 대리티 대변인은 노동자 45명을 휴가에서 불러들였다고 말했다.

그때까지 버스 30대가 전차를 대신한다. 수요일 벨모라 버스 터미널의 줄은 강까지 이어졌다. 린드크비스트 아카데미 학생인 미라 솔라노(24)는 "첼로를 메고 9킬로미터를 걸었다"고 말했다.

시의회는 9월 23일 회의를 열어 터널에 카메라를 설치할지 결정한다.
"""

_HINDI = """
मंगलवार की रात चोरों ने वेलमोरा के ट्राम नेटवर्क से 4,200 मीटर तांबे का केबल चुरा लिया, जिससे 61,500 यात्री काम पर नहीं जा सके।

परिवहन निदेशक रेनाटा कोल्विक ने कहा कि लाइन 3 और 17 शुक्रवार तक बंद रहेंगी। उन्होंने डनमार्श के डिपो में पत्रकारों से कहा, “वे एक ट्रक और हमारी सुरंगों का नक्शा लेकर आए थे।”

पुलिस को 12 किलोमीटर दूर ओस्टरबी की खदान के पास एक जली हुई वैन मिली और 38 साल के एक व्यक्ति को गिरफ्तार किया गया। इंस्पेक्टर टोबियास क्वेनेल ने कहा कि कबाड़ में केबल की कीमत लगभग 870,000 क्राउन थी।

मार्च के बाद यह चौथी चोरी है, जब नगर परिषद ने पहरेदारों का बजट 15 प्रतिशत घटा दिया था। मेयर लुडमिला ब्रांट ने यह बताने से इनकार किया कि पहरेदार लौटेंगे या नहीं।

इंजीनियरिंग कंपनी पेलिकान के अनुसार, जिसने 2019 में केबल बिछाया था, मरम्मत पर 24 लाख क्राउन खर्च होंगे। उसके प्रवक्ता ओवेन डैरिटी ने कहा कि 45 मजदूरों को छुट्टी से बुलाया गया है।

तब तक 30 बसें ट्रामों की जगह लेंगी। बुधवार को वेलमोरा बस अड्डे पर कतार नदी तक पहुंच गई। लिंडक्विस्ट अकादमी की 24 वर्षीय छात्रा मीरा सोलानो ने कहा, “मैं चेलो लेकर नौ किलोमीटर चली हूं।”

परिषद 23 सितंबर को बैठक करेगी और तय करेगी कि सुरंगों में कैमरे लगें या नहीं।
"""

_FINNISH = """
Varkaat veivät tiistai-iltana 4 200 metriä kuparikaapelia Velmoran raitiotieverkosta, ja 61 500 matkustajaa jäi vaille
kyytiä töihin.

Liikennejohtaja Renata Kolvikin mukaan linjat 3 ja 17 seisovat perjantaihin asti. ”He tulivat kuorma-autolla ja heillä
oli tunneliemme kartta”, hän kertoi toimittajille Dunmarshin varikolla.

Poliisi löysi palaneen pakettiauton louhoksen läheltä Osterbystä, 12 kilometrin päästä, ja otti kiinni 38-vuotiaan
miehen. Komisario Tobias Quennellin mukaan kaapelin arvo romuttamolla on noin 870 000 kruunua.

Varkaus on neljäs sitten maaliskuun, jolloin kaupunginvaltuusto leikkasi vartijoiden määrärahoja 15 prosenttia.
Pormestari Ludmila Brandt ei suostunut kertomaan, palaavatko vartijat.

Korjaukset maksavat 2,4 miljoonaa kruunua, arvioi insinööritoimisto Pelikan, joka asensi kaapelin vuonna 2019. Sen
tiedottajan Owen Darrityn mukaan 45 työntekijää on kutsuttu lomalta.

Siihen asti 30 bussia korvaa raitiovaunut. Velmoran linja-autoasemalla jono ylsi keskiviikkona joelle. ”Olen kävellyt
yhdeksän kilometriä sellon kanssa”, sanoi Lindqvistin akatemian opiskelija Mira Solano, 24.

Valtuusto päättää 23. syyskuuta, tarvitaanko tunneleihin kameroita.
"""

_HUNGARIAN = """
Tolvajok 4200 méter rézkábelt loptak el kedd éjjel Velmora villamoshálózatából, így 61 500 utas nem jutott el a
munkahelyére.

Renata Kolvik közlekedési igazgató szerint a 3-as és a 17-es vonal péntekig áll. „Teherautóval jöttek, és megvolt nekik
az alagútjaink terve” – mondta az újságíróknak a dunmarshi kocsiszínben.

A rendőrség egy kiégett furgont talált az osterbyi kőbánya közelében, 12 kilométerre, és őrizetbe vett egy 38 éves
férfit. Tobias Quennell felügyelő szerint a kábel a vastelepen mintegy 870 ezer koronát ér.

Ez a negyedik lopás március óta, amikor a városi tanács 15 százalékkal csökkentette az őrök költségvetését. Ludmila
Brandt polgármester nem volt hajlandó elárulni, visszatérnek-e az őrök.

A javítás 2,4 millió koronába kerül a Pelikan mérnöki cég szerint, amely 2019-ben fektette le a kábelt. Szóvivőjük, Owen
Darrity azt mondta, hogy 45 munkást hívtak vissza szabadságáról.

Addig 30 busz pótolja a villamosokat. A velmorai buszpályaudvaron szerdán a folyóig ért a sor. „Kilenc kilométert
gyalogoltam egy csellóval” – mondta a 24 éves Mira Solano, a Lindqvist Akadémia hallgatója.

A tanács szeptember 23-án dönt arról, legyenek-e kamerák az alagutakban.
"""

_GREEK = """
Κλέφτες αφαίρεσαν 4.200 μέτρα χάλκινου καλωδίου από το δίκτυο τραμ της Βελμόρα το βράδυ της Τρίτης, αφήνοντας 61.500
επιβάτες χωρίς μέσο για τη δουλειά.

Η διευθύντρια μεταφορών Ρενάτα Κόλβικ είπε ότι οι γραμμές 3 και 17 θα μείνουν ακίνητες ως την Παρασκευή. «Ήρθαν με ένα
φορτηγό και ένα σχέδιο των σηράγγων μας», είπε στους δημοσιογράφους στο αμαξοστάσιο του Ντάνμαρς.

Η αστυνομία βρήκε ένα καμένο φορτηγάκι κοντά στο λατομείο του Όστερμπι, 12 χιλιόμετρα μακριά, και συνέλαβε έναν άνδρα 38
ετών. Ο επιθεωρητής Τομπίας Κουένελ είπε ότι το καλώδιο άξιζε περίπου 870.000 κορόνες στη μάντρα.

Είναι η τέταρτη κλοπή από τον Μάρτιο, όταν το δημοτικό συμβούλιο έκοψε τον προϋπολογισμό για φύλακες κατά 15 τοις εκατό.
Η δήμαρχος Λουντμίλα Μπραντ αρνήθηκε να πει αν οι φύλακες θα επιστρέψουν.

Οι επισκευές θα κοστίσουν 2,4 εκατομμύρια κορόνες, σύμφωνα με την εταιρεία μηχανικών Πέλικαν, που τοποθέτησε το καλώδιο
το 2019. Ο εκπρόσωπός της, Όουεν Ντάριτι, είπε ότι 45 εργάτες κλήθηκαν από τις διακοπές τους.

Ως τότε 30 λεωφορεία αντικαθιστούν τα τραμ. Στον σταθμό λεωφορείων της Βελμόρα την Τετάρτη η ουρά έφτασε στο ποτάμι.
«Περπάτησα εννέα χιλιόμετρα με ένα τσέλο», είπε η Μίρα Σολάνο, 24 ετών, φοιτήτρια στην Ακαδημία Λίντκβιστ.

Το συμβούλιο συνεδριάζει στις 23 Σεπτεμβρίου για να αποφασίσει αν οι σήραγγες θα έχουν κάμερες.
"""

_TURKISH = """
Hırsızlar salı gecesi Velmora'nın tramvay ağından 4.200 metre bakır kablo çaldı ve 61.500 yolcu işe gidecek araç
bulamadı.

Ulaşım müdürü Renata Kolvik, 3 ve 17 numaralı hatların cumaya kadar duracağını söyledi. Dunmarsh'taki depoda gazetecilere
“Bir kamyonla ve tünellerimizin planıyla geldiler” dedi.

Polis, 12 kilometre ötede, Osterby'deki taş ocağının yakınında yanmış bir minibüs buldu ve 38 yaşında bir adamı gözaltına
aldı. Müfettiş Tobias Quennell, kablonun hurdalıkta yaklaşık 870.000 kron ettiğini söyledi.

Bu, belediye meclisinin bekçiler için ayrılan bütçeyi yüzde 15 kestiği marttan bu yana dördüncü hırsızlık. Belediye
başkanı Ludmila Brandt, bekçilerin dönüp dönmeyeceğini söylemeyi reddetti.

Kabloyu 2019'da döşeyen mühendislik şirketi Pelikan'a göre onarım 2,4 milyon kron tutacak. Şirketin sözcüsü Owen Darrity,
45 işçinin izinden çağrıldığını söyledi.

O zamana kadar tramvayların yerini 30 otobüs alıyor. Velmora otogarında çarşamba günü kuyruk nehre kadar uzandı. Lindqvist
Akademisi öğrencisi Mira Solano, 24, “Bir çelloyla dokuz kilometre yürüdüm” dedi.

Meclis, tünellere kamera konup konmayacağına karar vermek için 23 Eylül'de toplanacak.
"""

_UKRAINIAN = """
Злодії викрали 4200 метрів мідного кабелю з трамвайної мережі Велмори у вівторок уночі, і 61 500 пасажирів не змогли
доїхати до роботи.

Директорка з транспорту Рената Колвік сказала, що лінії 3 і 17 стоятимуть до п'ятниці. «Вони приїхали вантажівкою і мали
план наших тунелів», — розповіла вона журналістам у депо в Данмарші.

Поліція знайшла згорілий фургон біля кар'єру в Остербі, за 12 кілометрів звідти, і затримала 38-річного чоловіка.
Інспектор Тобіас Квеннелл сказав, що кабель коштує близько 870 000 крон на пункті металобрухту.

Це вже четверта крадіжка з березня, коли міська рада зменшила бюджет на охорону на 15 відсотків. Мерка Людмила Брандт
відмовилася сказати, чи повернуть охоронців.

Ремонт коштуватиме 2,4 мільйона крон, за даними інженерної фірми «Пелікан», яка проклала кабель у 2019 році. Її речник Овен
Дарріті сказав, що 45 робітників відкликали з відпусток.

Доти трамваї замінюють 30 автобусів. На автовокзалі Велмори в середу черга сягала річки. «Я пройшла дев'ять кілометрів з
віолончеллю», — сказала 24-річна Міра Солано, студентка академії Ліндквіста.

Рада збереться 23 вересня, щоб вирішити, чи потрібні в тунелях камери.
"""

_FRENCH = """
Des voleurs ont emporté 4 200 mètres de câble de cuivre du réseau de tramway de Velmora dans la nuit de mardi, privant
61 500 passagers de transport pour aller au travail.

La directrice des transports, Renata Kolvik, a indiqué que les lignes 3 et 17 resteraient à l'arrêt jusqu'à vendredi. « Ils
sont venus avec un camion et un plan de nos tunnels », a-t-elle dit aux journalistes au dépôt de Dunmarsh.

La police a trouvé une camionnette calcinée près de la carrière d'Osterby, à 12 kilomètres de là, et arrêté un homme de 38
ans. Selon l'inspecteur Tobias Quennell, le câble valait environ 870 000 couronnes à la ferraille.

C'est le quatrième vol depuis mars, mois où le conseil municipal a réduit de 15 % le budget des gardiens. La maire, Ludmila
Brandt, a refusé de dire si les gardiens reviendraient.

Les réparations coûteront 2,4 millions de couronnes, d'après le bureau d'ingénieurs Pelikan, qui avait posé le câble en
2019. Son porte-parole, Owen Darrity, a précisé que 45 ouvriers avaient été rappelés de vacances.

D'ici là, 30 autobus remplacent les trams. À la gare routière de Velmora, la file atteignait mercredi le fleuve. « J'ai
marché neuf kilomètres avec un violoncelle », a raconté Mira Solano, 24 ans, étudiante à l'Académie Lindqvist.

Le conseil se réunit le 23 septembre pour décider si les tunnels doivent être équipés de caméras.
"""

TRAM_IN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": _ARABIC,
        "de": _GERMAN,
        "el": _GREEK,
        "fi": _FINNISH,
        "fr": _FRENCH,
        "hi": _HINDI,
        "hu": _HUNGARIAN,
        "ja": _JAPANESE,
        "ko": _KOREAN,
        "pl": _POLISH,
        "ru": _RUSSIAN,
        "tr": _TURKISH,
        "uk": _UKRAINIAN,
        "zh": _CHINESE,
    }
)
"""The story of the tram's cable by language."""

VIOLIN_IN_ENGLISH: Final = """
The municipal museum in Ebersfelde on Monday returned a violin from 1741 to the grandchildren of its former owner. The
violinist Samuel Rosenau had been forced to sell it far below its value in 1938.

“My mother spoke of this instrument as of a brother,” said his granddaughter, Judith Almager, 67, who had travelled from
Montevideo with eleven relatives.

Museum director Cornelia Wiesgrund puts the value of the violin at 1.6 million euros. It comes from the workshop of Matteo
Garavelli in Cremona and had hung in Room 14 since 1952.

A student put the heirs on the trail: three years ago Jonas Petrich found a receipt for 380 Reichsmarks in the city
archive. The commission chaired by Albrecht Thoma then examined 2,700 pages of files.

The city council approved the return in June by 41 votes to 6. Mayor Hendrik Vossler called it a matter of course that
came late.

The family does not want to sell the instrument. It is lending it for ten years to the violinist Amelie Santoro, who will
play it on 9 November in the synagogue of Ebersfelde. The proceeds from 520 tickets go to the archive.
"""

VIOLIN_IN_FRENCH: Final = """
Le musée municipal d'Ebersfelde a restitué lundi un violon de 1741 aux petits-enfants de son ancien propriétaire. Le
violoniste Samuel Rosenau avait dû le vendre en 1938 bien au-dessous de sa valeur.

« Ma mère parlait de cet instrument comme d'un frère », a dit sa petite-fille Judith Almager, 67 ans, venue de Montevideo
avec onze parents.

La directrice du musée, Cornelia Wiesgrund, estime la valeur du violon à 1,6 million d'euros. Il sort de l'atelier de
Matteo Garavelli, à Crémone, et était accroché depuis 1952 dans la salle 14.

C'est un étudiant qui a mis les héritiers sur la piste : il y a trois ans, Jonas Petrich a trouvé aux archives de la ville
une quittance de 380 reichsmarks. La commission présidée par Albrecht Thoma a ensuite examiné 2 700 pages de dossiers.

Le conseil municipal a approuvé la restitution en juin par 41 voix contre 6. Le maire, Hendrik Vossler, a parlé d'une
évidence tardive.

La famille ne veut pas vendre l'instrument. Elle le prête pour dix ans à la violoniste Amelie Santoro, qui en jouera le 9
novembre à la synagogue d'Ebersfelde. Le produit de 520 billets ira aux archives.
"""
