"""Things that an entry may be about: goods, trades, places, weather, moods. None of them takes an order back.

People are left out, as an order may be theirs; so is whatever a story, a test or a lesson is called.
"""

from domain.reading.vocabulary import word_set

_GOODS = word_set("""
    miners miner mining drilling driller drillers rig rigs refiner refiners refinery refining lithium copper platinum
    palladium steel aluminum iron coal wheat corn soy soybeans coffee cocoa sugar cotton lumber timber beef cattle hogs
    eggs egg cheese milk chicken burger burgers fries pizza tacos burrito burritos donuts sandwiches soda beer beers
    wine whiskey vodka tequila spirits tobacco vapes cannabis snacks cereal soup chocolate candy cookies popcorn bread
    bananas potash fertilizer seeds tractors trucks truck truckers trucking cars car autos auto rails railroads trains
    freight shipping ships tankers planes jets airports hotels motels rentals boats motorcycles tires parts shoes
    sneakers boots jeans apparel handbags jewelry diamonds furniture mattresses appliances toys cosmetics makeup perfume
    pets paint bricks cement concrete glass plastics packaging boxes lawnmowers tools hardware pools
    phones laptops gadgets cameras headsets watches glasses consoles gpus gpu cpu cpus servers wafers lasers sensors
    batteries chargers turbines reactors lng propane diesel gasoline ethanol hydrogen satellites
    rockets robotics tanks missiles shipyards
""")
_TRADES = word_set("""
    gaming streaming movies music concerts theaters tickets sports football basketball baseball hockey golf
    betting casinos casino vegas poker parks houses homes mortgages mortgage landlords malls warehouses hospitals
    insurers drugs drug vaccines vaccine obesity diabetes oncology devices genomics saas networking
    memory dram nand hbm foundry foundries quantum space telecom fiber wireless datacenter datacenters cloud grid
    electricity water waste farming farmers lenders lender fintech payments loans deposits regional
    regionals advertising ecommerce delivery groceries grocery restaurants dining tourism travelers aviation
    shipbuilders recyclers franchises licensing subscriptions arb arbitrage activist inclusion reshuffle monetization
    deregulation antitrust privatization onshoring automation capex decay grind magnet gravity
""")
_WEATHER = word_set("""
    autumn snow snowy rain rainy storm
    storms heat heatwave frost tornado blizzard polar vortex sunshine fog chilly
""")
_MOODS = word_set("""
    vibe vibes mood gut hunch hopium copium hail mary itch boredom degenerate degen thrill
    thrills adrenaline caffeine gym mouse thumb thumbs spicy stubborn chill
""")
NOUNS = _GOODS | _TRADES | _WEATHER | _MOODS
