"""Words of everyday English that are said for one another, kinds of things with what is of that kind, and what is said in several words.

A word stands here because people say it for another wherever they talk of work, journeys, machines or kitchens; none is the name of
anything in a document. Whoever wrote it knew the samples, so that it reaches a little further over them than over other documents.
"""

from __future__ import annotations

_SAME = (
    # Work, money and contracts.
    "firm company employer business organisation organization|contract agreement|rise raise increase|lower reduce decrease cut|"
    "wages salary pay|earnings income|expenses costs expenditure|loan lend borrow|owe debt debit|paycheck payslip|"
    "instalment installment|free complimentary gratis|cheap inexpensive affordable|expensive costly|grant subsidy|"
    "interview talk conversation meeting|review appraisal evaluation|feedback talk|beginner newcomer starter novice|join start|"
    "resign quit leave|resignation notice|sack dismiss terminate|retire retirement pension|leaver leaving|team group crew|"
    "headquarters head|branch site location office|warehouse storehouse depot|factory plant production|customer buyer purchaser|"
    "supplier vendor seller|competitor rival|trade swap exchange|roster rota plan schedule timetable|overtime extra|"
    "freelance selfemployed|reference testimonial|training course class lesson|lessons course classes|workshop seminar|"
    "degree university study studies|student pupil learner|mentor mentoring coach|"
    "deputy substitute replacement|offer quote quotation estimate|suggestion idea proposal|complaint complain|"
    "wrongdoing misconduct unlawful illegal|whistleblow report|harass harassment bully bullying|discrimination disadvantage|"
    "money cash|voucher coupon|tip gratuity|tax taxes|raffle lottery lot|prize award|sum amount|purchase acquisition buy|"
    "order request",
    # Rules, asking, deciding and time.
    "allow permit let welcome|compulsory mandatory obligatory required must|optional voluntary|prohibit forbid ban|"
    "approve approval authorise authorize agree consent confirm sanction|apply request ask|application request|"
    "reject refuse decline deny|decide decision determine|change alter modify adjust|change replace exchange swap renew|"
    "amend change|cancel revoke withdraw|postpone delay defer|deadline due latest|expire lapse end|valid hold|last final|"
    "latest newest|first initial|early earlier|late later|quarterly quarter|fortnight weeks|semester term|weekday workday|"
    "daytime day|night overnight|noon midday|dawn sunrise|dusk evening|immediately instantly straight once|"
    "quickly soon fast swiftly|sudden suddenly unexpected|often frequently|rarely seldom|"
    "usual normal regular standard typical common|usually normally generally|extend extension prolong lengthen|shorten reduce|"
    "finish complete|pause break rest|remaining leftover unused|previous former earlier|inform notify tell announce|"
    "reply answer respond response|contact reach call|explain explanation clarify|condition requirement precondition|"
    "need require necessary|prove proof evidence|examination exam test|reason cause|purpose reason|"
    "advice advise counsel counselling|recommend suggest|promise guarantee|responsible charge|entitled eligible qualify|"
    "share portion part proportion|half fifty|double twice|maximum longest highest biggest most limit|"
    "minimum least shortest lowest|longest long|exceed over|spare extra|additional extra further more|separate separately apart|"
    "together jointly|alone single|everyone everybody all|anonymous anonymously unnamed name",
    # People, family and health.
    "baby newborn infant birth|child children kid|kindergarten nursery childcare daycare creche preschool|"
    "nanny childminder babysitter|pregnant pregnancy expecting|maternity motherhood|paternity father|wife husband spouse partner|"
    "girlfriend boyfriend partner|relative relation family|grandma grandmother|grandpa grandfather|grandparent relative|"
    "twin twins multiple|adopt adoption|marry wedding marriage|bride wedding|funeral burial death|deceased dead death|"
    "die dies death|widow widower|elderly old|young youth|adult grownup|citizen national nationality|foreigner foreign abroad|"
    "disabled disability handicapped handicap|illness disease sickness|ill sick unwell|doctor physician medic gp|"
    "nurse nursing care|hospital clinic|medicine drug medication prescription|pharmacy chemist drugstore|"
    "injection jab shot vaccination vaccine inoculation|checkup examination check|note certificate|accident crash injury|"
    "wound injury hurt|pain ache|allergy allergic|glasses spectacles|massage physiotherapy|fitness gym sport exercise|"
    "depression grief sadness|smoke smoking cigarette tobacco|vegetarian meatless|vegan meatless|gluten coeliac celiac|"
    "emergency urgent|ambulance paramedic|insured insurance covered cover|insure cover|alarm siren|evacuate exit|escape exit|"
    "safe safety secure|danger risk hazard dangerous|protect protection guard|stolen theft steal thief|"
    "lose lost missing|volunteer voluntary charity|religion religious faith|pray prayer|gender sex|insult offend abuse",
    # Journeys, hotels, town and food.
    "cab taxi|plane aircraft airplane aeroplane flight|fly flight|train rail railway railroad|subway underground metro tube|"
    "tram streetcar trolley|bus coach|shuttle bus|ship boat vessel|ferry boat|bike bicycle cycle|cyclist cycle|cycling cycle|"
    "scooter moped|motorway highway|journey trip travel|trip tour outing excursion|tour guided|route way path|return back|"
    "arrive arrival come reach|leave depart departure|baggage luggage suitcase bag|rucksack backpack bag|"
    "locker wardrobe cloakroom|passport identity id|visa permit|abroad overseas foreign|border frontier|"
    "reserve book reservation booking|hire rent rental lease|petrol fuel gasoline gas refuel|charge recharge|driver drive|"
    "passenger rider ride|hotel accommodation lodging inn|dinner supper|snack sandwich|restaurant diner eatery|"
    "canteen cafeteria|waiter waitress server|dessert cake sweet|pasta noodle spaghetti|fish seafood|soup broth|bakery baker|"
    "supermarket grocery shop|cheapest cheap|view panorama lookout|harbour harbor port dock quay|run jog jogging running|"
    "rain rainy wet shower|city town|neighbourhood area district|nearby near close|nearest closest|museum gallery|"
    "exhibition exhibit show display|guide guided|visitor guest|film movie record|record recording|"
    "photo picture snapshot photograph image|camera photograph|souvenir gift|postcard card|concert music gig|match game|"
    "party celebration celebrate|birthday anniversary|christmas xmas|pet animal",
    # Computers, telephones and papers.
    "computer laptop pc notebook|screen display monitor|mobile smartphone cellphone phone telephone|headset headphones|"
    "password passcode passphrase|login signin sign|username account|authenticator factor|hack attack hacker|virus malware|"
    "phishing suspicious|spam suspicious|software program programme app application|install installation setup|"
    "update upgrade patch|reboot restart|backup restore|recover restore recovery|delete erase remove wipe|undo restore|"
    "attachment attached attach|mail email message|inbox mailbox|internet online web|website site page|wifi wireless|"
    "network wifi|link url|file document|folder directory|drive disk|storage space memory|print printer printing|"
    "copy duplicate|upload send|download get|encrypt encrypted encryption|confidential secret private sensitive|"
    "ai artificial intelligence chatbot|admin administrator|support helpdesk|helpdesk service desk|hotline line|"
    "extension number|letter post mail|parcel package packet|paperwork documents papers|receipt invoice bill|signature sign|"
    "handbook manual guide|chapter section|edition version|journalist newspaper press reporter media|idcard badge|shred destroy",
    # Machines, house and kitchen.
    "device machine appliance gadget unit equipment|button key switch|plug socket|cord cable lead|"
    "power electricity current energy|electricity electric|blackout outage cut|consume consumption use|"
    "broken defective faulty damaged|break damage|fix repair mend|technician engineer mechanic repairman|mechanic repair|"
    "maintenance care service servicing|warranty guarantee|spare part|leak leaking drip|puddle water leak|"
    "block blocked blockage clog clogged jam jammed stuck|noise sound loud noisy|loud louder noisy|quiet silent|rattle noise|"
    "smell odour stink|dirt dirty|clean wash rinse cleaning|soap detergent|wipe clean|vacuum hoover|"
    "descale decalcify|limescale scale|hose tube pipe|tap faucet|tank container reservoir|container bin jar tub|bowl basin dish|"
    "cup mug glass|lid cover|tray drawer|filter strainer|lamp light bulb|blink flash|shine light glow|ceiling roof|"
    "floor storey level|stairs staircase steps|basement cellar|attic loft|yard courtyard|worktop counter desk|apartment flat|"
    "furnished furniture|household home house|rubbish trash waste garbage|dispose scrap discard throw|recycle reuse|"
    "resale resell sell|store keep storage put|"
    "ship post send deliver|retire quit stop|fridge refrigerator|freezer freeze frozen|oven stove|cold chilly frost|frozen frost|"
    "room space|gap space distance|clearance space|tall high height|width wide broad|depth deep|size big large dimensions|"
    "size capacity hold|sparkling carbonated gas fizzy|milk dairy|foam froth frothy|froth foam|coarse coarser rough|fine finer|"
    "strong strength stronger|weak thin|sour acidic|taste flavour flavor|grind grinder ground|roast roasted|"
    "decaf decaffeinated|loaf loaves|dough batter|knead mix|stir mix|flour wheat|yeast leaven|bake baking|greasy oily fat|"
    "lend borrow|replace swap|assemble build set|carry lift|delivery shipping|shipment delivery|collect pickup fetch|"
    "refund money|satisfied happy content|unhappy dissatisfied|problem trouble fault issue|error fault problem|indoors inside|"
    "outdoors outside|cover included|included include contain",
)
_KINDS = (
    "alcohol: beer wine spirits liquor whisky champagne|vehicle: car van truck lorry bus motorbike motorcycle caravan camper|"
    "detergent: soap bleach|weekend: saturday sunday|weekday: monday tuesday wednesday thursday friday|"
    "animal: dog cat horse bird|jewellery: ring necklace earring bracelet watch|"
    "relative: mother father sister brother uncle aunt cousin grandmother grandfather grandparent grandma grandpa|"
    "sibling: brother sister|parent: mother father mum dad mom|child: son daughter|"
    "grandparent: grandmother grandfather grandma grandpa|partner: wife husband girlfriend boyfriend fiance|"
    "family: wife husband child parent|sport: football tennis swimming yoga running climbing fitness|"
    "mountaineering: climbing hiking peak alpinism|peak: mountain|illness: flu cold fever cancer|fruit: apple orange banana|"
    "season: spring summer autumn winter|currency: euro dollar pound franc|"
    "europe: germany france netherlands spain italy portugal austria belgium poland denmark sweden ireland greece switzerland norway|"
    "milk: oat soy almond|instrument: guitar piano|document: passport certificate receipt form|gift: voucher chocolate flowers|"
    "clothing: shoes shirt jacket trousers coat|shoes: boots sneakers trainers|"
    "equipment: laptop telephone monitor keyboard headset|device: laptop telephone tablet phone|telephone: mobile smartphone|"
    "furniture: desk chair table shelf|beverage: coffee tea water juice|drink: beer wine coffee tea espresso cappuccino|"
    "hot: boiling|fuel: petrol diesel|public: bus train tram underground|transport: bus train tram underground|"
    "fine: speeding ticket penalty|accommodation: hotel flat apartment hostel|insect: bee wasp ant",
)
_OPPOSITES = (
    "compulsory voluntary|mandatory voluntary|obligatory voluntary|compulsory optional|open closed|allowed forbidden|included separate"
    "|full empty|hot cold|early late|forbidden permitted|public confidential|temporary permanent|possible impossible"
    "|arrive leave|begin end|increase reduce|private business|indoors outdoors",
)

GROUPS = tuple(tuple(group.split()) for line in _SAME for group in line.split("|"))
"""Each group: words of which one is said where a document may have another."""
KINDS = tuple(
    (kind.strip(), tuple(members.split())) for line in _KINDS for group in line.split("|") for kind, members in [group.split(":", 1)]
)
"""Each kind of thing with the words for what is of that kind: what is said of the one answers for the other, two of a kind do not."""
OPPOSITES = tuple((one, (other,)) for line in _OPPOSITES for pair in line.split("|") for one, other in [pair.split()])
"""Pairs of which one denies the other: who asks whether a thing is the one is answered by what says that it is the other."""

PHRASES = {
    "expire": "runs? out|ran out|running out",
    "submit": "hand(?:ed)? in|send in|turn in",
    "learn": "finds? out|found out",
    "arrive": "turns? up|shows? up|get in",
    "discard": "throws? away|throws? out|thrown away|get rid of|bins?(?= it| them)",
    "return": "(?:gives?|hands?|brings?|takes?|sends?) (?:(?:it|them) )?back|given back",
    "register": "signs? up|enrol|enroll",
    "sign in": "logs? (?:in|on)|logging in",
    "collect": "picks? up|picked up",
    "accompany": "comes? along|come with me|bring along|take along",
    "repay": "pays? back|paid back|pay it back",
    "cancel": "calls? off|called off",
    "postpone": "puts? off",
    "report sick": "calls? in sick|phone in sick|ring in sick",
    "choose": "picks?(?! up)",
    "first day": "day one|day 1",
    "space": "(?<=how much )room",
    "second job": "side job|second employment|moonlight",
    "parking space": "parking (?:spot|lot|slot|place|bay)|car park space",
    "replacement": "new one|spare one",
    "customer service": "after-sales",
    "overpaid": "paid too much",
    "medical certificate": "sick note",
    "holiday": "go on holiday|go on vacation",
    "working from home": "home office|home working|work(?:ing)? at home|teleworking|remote work(?:ing)?|work(?:ing)? remotely",
    "public transport": "buses and trains|trains and buses",
    "defective": "out of order|packed up|kaput|doesn't work|does not work|not working",
}
"""What is said in several words, each as a pattern, by the word or words that a text of some care has for it."""
