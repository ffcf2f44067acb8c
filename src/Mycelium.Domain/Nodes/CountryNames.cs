namespace Mycelium.Domain.Nodes;

/// <summary>
/// Other names of countries: the three-letter code of ISO 3166-1, then the names that people, statistics and geocoders use instead of the
/// name in <see cref="CountryTable"/>. Variants that <see cref="Countries"/> normalizes are left out: case, accents, articles, word order,
/// "Republic of", "St." and "&amp;".
/// </summary>
internal static class CountryNames
{
    /// <summary>One line per country: its two-letter code, its three-letter code, then names separated by bars.</summary>
    public const string Lines =
        """
        AD AND|Andorre
        AE ARE|UAE|Emirates|Emirats Arabes Unis
        AF AFG|Islamic Emirate of Afghanistan
        AG ATG|Antigua
        AI AIA
        AL ALB|Shqiperia
        AM ARM|Hayastan
        AO AGO
        AQ ATA
        AR ARG|Argentine Republic|Argentine
        AS ASM
        AT AUT|Österreich|Autriche
        AU AUS
        AW ABW
        AX ALA|Aland
        AZ AZE|Azerbaidjan
        BA BIH|Bosnia|Bosnia-Hercegovina|Bosnia Hercegovina|Bosna i Hercegovina
        BB BRB
        BD BGD
        BE BEL|België|Belgique|Belgien
        BF BFA|Burkina|Upper Volta
        BG BGR
        BH BHR
        BI BDI
        BJ BEN|Dahomey
        BL BLM|Saint Barths|Saint Barts|Saint Barthelemy Island
        BM BMU|Somers Isles
        BN BRN|Brunei Darussalam|Brunei Abode of Peace
        BO BOL
        BQ BES|Bonaire, Sint Eustatius and Saba|Bonaire, Saint Eustatius and Saba|Bonaire|BES Islands|Netherlands Caribbean
        BR BRA|Brasil
        BS BHS|Bahama Islands
        BT BTN
        BV BVT|Bouvet
        BW BWA
        BY BLR|Belorussia|Byelorussia
        BZ BLZ|British Honduras
        CA CAN
        CC CCK|Cocos Islands|Keeling Islands|Cocos
        CD COD|Democratic Republic of the Congo|Congo-Kinshasa|Congo DR|DRC|DROC|RDC|Zaire|Congo Dem. Rep.|Dem. Rep. Congo|Republique Democratique du Congo
        CF CAF|CAR|Central Africa|Central African Rep.|Republique Centrafricaine
        CG COG|Congo|Congo-Brazzaville|Congo Rep.|Rep. of the Congo|Republique du Congo
        CH CHE|Swiss Confederation|Schweiz|Suisse|Svizzera|Swiss
        CI CIV|Côte d'Ivoire|Cote d Ivoire|Republique de Cote d'Ivoire
        CK COK
        CL CHL
        CM CMR|Cameroun
        CN CHN|People's Republic of China|PRC|PR China|Mainland China|China Mainland
        CO COL
        CR CRI
        CU CUB
        CV CPV|Cabo Verde
        CW CUW|Land of Curaçao
        CX CXR
        CY CYP
        CZ CZE|Czech Republic|Czech Rep.|Czech|Česko|Ceska republika|Cechia
        DE DEU|Deutschland|Bundesrepublik Deutschland|Allemagne|BRD
        DJ DJI
        DK DNK|Danmark
        DM DMA
        DO DOM|Dominican Rep.|Republica Dominicana
        DZ DZA|Algerie
        EC ECU
        EE EST|Eesti
        EG EGY|Misr
        EH ESH|Sahrawi Arab Democratic Republic|Sahrawi Republic|Spanish Sahara
        ER ERI
        ES ESP|España|Espagne
        ET ETH|Abyssinia
        FI FIN|Suomi
        FJ FJI|Fiji Islands
        FK FLK|Falklands|Malvinas|Falkland Islands (Malvinas)|Islas Malvinas
        FM FSM|Federated States of Micronesia|Micronesia (Federated States)|FS Micronesia
        FO FRO|Faroes|Faeroe Islands|Faeroes|Foroyar
        FR FRA|French Republic|Republique Francaise|Metropolitan France
        GA GAB|Gabonese Republic
        GB GBR|UK|U.K.|Great Britain|Britain|United Kingdom of Great Britain and Northern Ireland|United Kingdom of Great Britain and N. Ireland|England|Scotland|Wales|Northern Ireland|United Kingdom (Great Britain)
        GD GRD
        GE GEO|Sakartvelo
        GF GUF|Guyane|Guyane Francaise
        GG GGY|Bailiwick of Guernsey
        GH GHA
        GI GIB
        GL GRL|Kalaallit Nunaat
        GM GMB
        GN GIN|Guinea-Conakry|Guinée
        GP GLP
        GQ GNQ|Equat. Guinea|Eq. Guinea|Guinea Ecuatorial
        GR GRC|Hellas|Hellenic Republic|Ellada|EL
        GS SGS|South Georgia and the South Sandwich Islands|South Georgia and South Sandwich Is.|South Sandwich Islands
        GT GTM
        GU GUM
        GW GNB|Guine-Bissau
        GY GUY
        HK HKG|Hongkong|Hong Kong SAR|Hong Kong SAR China|Hong Kong China|Hong Kong S.A.R.|Hong Kong Special Administrative Region|Hong Kong Special Administrative Region of China|Hong Kong Special Administrative Region of the People's Republic of China
        HM HMD|Heard and McDonald Islands|Heard Island
        HN HND
        HR HRV|Hrvatska
        HT HTI|Haïti
        HU HUN|Magyarorszag
        ID IDN|Indonesie
        IE IRL|Eire|Éire|Irish Republic
        IL ISR
        IM IMN|Man Isle|Mann
        IN IND|Bharat
        IO IOT|BIOT|Chagos Islands|Chagos Archipelago
        IQ IRQ
        IR IRN|Persia
        IS ISL|Island Republic of Iceland|Ísland
        IT ITA|Italia|Italian Republic|Italie|Italien
        JE JEY|Bailiwick of Jersey
        JM JAM
        JO JOR
        JP JPN|Nippon|Nihon
        KE KEN
        KG KGZ|Kyrgyz Republic|Kyrgyz|Kirghizia|Kirgizstan|Kirghizstan
        KH KHM|Kampuchea|Cambodge
        KI KIR|Gilbert Islands
        KM COM|Comores|Union of the Comoros
        KN KNA|Saint Kitts|Saint Christopher and Nevis|Saint Kitts Nevis
        KP PRK|Democratic People's Republic of Korea|DPRK|DPR Korea|Korea North|N. Korea|Korea Dem. People's Rep.|Dem. People's Rep. of Korea|Democratic Republic of Korea|People's Republic of Korea|Korea DPR|Korea Dem. Rep.|Dem. Rep. of Korea
        KR KOR|Republic of Korea|Korea|Korea South|S. Korea|ROK|Korea Rep.|Rep. of Korea|Korea (South) Republic
        KW KWT
        KY CYM|Caymans
        KZ KAZ|Qazaqstan|Kazakstan
        LA LAO|Lao|Lao People's Democratic Republic|Lao PDR|Lao P.D.R.
        LB LBN|Lebanese Republic|Liban
        LC LCA
        LI LIE
        LK LKA|Ceylon
        LR LBR
        LS LSO|Basutoland
        LT LTU|Lietuva
        LU LUX|Luxemburg|Letzebuerg
        LV LVA|Latvija
        LY LBY|Libyan Arab Jamahiriya|Libya Arab Jamahiriya
        MA MAR|Maroc
        MC MCO
        MD MDA|Moldavia
        ME MNE|Crna Gora
        MF MAF|Saint Martin (French part)|Saint Martin French
        MG MDG|Malagasy Republic
        MH MHL|Marshalls
        MK MKD|Macedonia|Former Yugoslav Republic of Macedonia|Macedonia FYR|FYROM|FYR Macedonia|Macedonia Former Yugoslav Republic of Macedonia|TFYR Macedonia
        ML MLI
        MM MMR|Burma|Myanmar (Burma)|Burma (Myanmar)
        MN MNG
        MO MAC|Macao|Macau SAR|Macao SAR|Macau SAR China|Macao SAR China|Macau China|Macao China|Macao Special Administrative Region|Macao Special Administrative Region of China|Macau Special Administrative Region|Macao Special Administrative Region of the People's Republic of China
        MP MNP|Northern Marianas|N. Mariana Islands
        MQ MTQ
        MR MRT|Mauritanie
        MS MSR
        MT MLT
        MU MUS|Maurice|Ile Maurice
        MV MDV|Maldive Islands
        MW MWI|Nyasaland
        MX MEX|México|United Mexican States|Mexique|Estados Unidos Mexicanos
        MY MYS
        MZ MOZ|Moçambique
        NA NAM|South West Africa
        NC NCL|Nouvelle-Caledonie
        NE NER
        NF NFK|Norfolk
        NG NGA
        NI NIC
        NL NLD|Holland|Nederland|Netherland|Pays-Bas|Niederlande|Kingdom of the Netherlands (European part)
        NO NOR|Norge|Noreg|Norvege
        NP NPL
        NR NRU
        NU NIU
        NZ NZL|Aotearoa|Aotearoa New Zealand|N. Zealand
        OM OMN
        PA PAN
        PE PER|Perú
        PF PYF|Polynesie Francaise|Tahiti
        PG PNG|Papua|Papua N. Guinea
        PH PHL|Philippine Islands|Pilipinas|Philippine
        PK PAK
        PL POL|Polska|Pologne|Polen
        PM SPM|Saint Pierre|Saint Pierre et Miquelon
        PN PCN|Pitcairn|Pitcairn, Henderson, Ducie and Oeno Islands
        PR PRI|Porto Rico
        PS PSE|Palestinian Territory|Palestinian Territories|Occupied Palestinian Territory|Palestinian Territory Occupied|Palestinian Authority|West Bank and Gaza|West Bank|Gaza|Gaza Strip|Palestinian
        PT PRT|Portuguese Republic
        PW PLW|Belau
        PY PRY
        QA QAT
        RE REU|Reunion Island|La Reunion
        RO ROU|ROM|Rumania|Roumania|Roumanie
        RS SRB|Srbija|Serbie
        RU RUS|Russian Federation|Russian|Rossiya|Rossija|Russie
        RW RWA
        SA SAU|KSA|Saudi
        SB SLB|Solomons
        SC SYC
        SD SDN
        SE SWE|Sverige|Suede|Schweden
        SG SGP
        SH SHN|Saint Helena|Ascension Island|Tristan da Cunha|Ascension
        SI SVN|Slovenija
        SJ SJM|Svalbard|Jan Mayen|Svalbard and Jan Mayen Islands|Spitsbergen
        SK SVK|Slovak Republic|Slovensko|Slovak
        SL SLE
        SM SMR
        SN SEN|Sénégal
        SO SOM
        SR SUR|Surinam|Dutch Guiana
        SS SSD|S. Sudan
        ST STP|Sao Tome|Sao Tome Principe|Saint Thomas and Prince|Sao Tome e Principe
        SV SLV|Salvador
        SX SXM|Sint Maarten (Dutch part)|Saint Maarten|Saint Maarten Dutch|Saint Martin (Dutch part)
        SY SYR|Syrian Arab Republic|Syrian Republic|Syrie
        SZ SWZ|Swaziland|Kingdom of eSwatini|Ngwane
        TC TCA|Turks and Caicos|Turks Caicos Islands
        TD TCD|Tchad
        TF ATF|French Southern Territories|French Southern Lands|TAAF|French Southern and Antarctic Territories
        TG TGO|Togolese Republic
        TH THA|Siam
        TJ TJK|Tadjikistan|Tadzhikistan|Tajikstan
        TK TKL
        TL TLS|TMP|East Timor|Timor|Timor Leste
        TM TKM|Turkmenia
        TN TUN|Tunisie|Tunisian Republic
        TO TON
        TR TUR|Türkiye|Turkiye Cumhuriyeti|Turkei|Turquie
        TT TTO|Trinidad|Tobago
        TV TUV|Ellice Islands
        TW TWN|Republic of China|Taiwan, Province of China|Taiwan (Republic of China)|Taiwan ROC|Chinese Taipei|Formosa|Taiwan China|ROC
        TZ TZA|Tanganyika|United Rep. of Tanzania
        UA UKR|Ukraina|Ukrayina
        UG UGA
        UM UMI|US Minor Outlying Islands|U.S. Outlying Islands|US Outlying Islands|Minor Outlying Islands (US)|United States Outlying Islands|Minor Outlying Islands
        US USA|U.S.|U.S.A.|United States of America|America|US of A|Etats-Unis|Estados Unidos|Vereinigte Staaten
        UY URY
        UZ UZB
        VA VAT|Vatican|Holy See|Holy See (Vatican City State)|Holy See (Vatican City)|Vatican City State|Vatican City Holy See
        VC VCT|Saint Vincent|Saint Vincent Grenadines
        VE VEN
        VG VGB|Virgin Islands (British)|British Virgin Is.|BVI|UK Virgin Islands
        VI VIR|U.S. Virgin Islands|Virgin Islands (U.S.)|Virgin Islands of the United States|USVI|American Virgin Islands
        VN VNM|Viet Nam|Vietnam Socialist Republic
        VU VUT|New Hebrides
        WF WLF|Wallis|Wallis et Futuna
        WS WSM|Western Samoa
        XK XKX|UNK|Kosova|Kosovo and Metohija
        YE YEM
        YT MYT
        ZA ZAF|RSA|South African Republic|S. Africa|Suid-Afrika
        ZM ZMB|Northern Rhodesia
        ZW ZWE|Rhodesia
        """;
}
