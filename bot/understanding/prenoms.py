"""First names and family names seen at French counters. They help ``privacy`` to decide; they are never an answer by themselves."""

from __future__ import annotations

# Folded. A first name that is also an everyday word (rose, pierre, aime…) counts only next to another name.
PRENOMS = frozenset(
    """
abdallah abdel abdelaziz abdelkader abdellah abdou abdoul abdoulaye abel achille adam adama adel adele adelaide adele adeline adil adrian adriana adrien adrienne
agathe agnes ahmad ahmed aime aicha aida aimee aissa aissata aissatou alain alan alban albane albert alberte alberto aldo alec aleksandra alessandro alessia alex
alexandra alexandre alexia alexis alfred ali alice alicia aline alioune alissa alix aliya allan alphonse alya alyssa amadou amandine amaury ambre ambroise amel
amelia amelie amin amina aminata amine amir amira amos ana anael anaelle anais anas anastasia anatole anderson andre andrea andreas andree andrei andrew andy
anette ange angel angela angele angelina angeline angelique angelo anissa anita ann anna annabelle anne annette annick annie anouk anselme anthony antoine
antoinette anton antonia antonin antonio antony apolline ariane aristide arlette armand armande armelle arnaud arsene arthur assia astrid aubin aude audrey
august auguste augustin augustine aurelia aurelie aurelien aurore axel axelle ayman aymeric ayoub ayse azzedine babacar baptiste barbara bastien bathilde
baudouin beatrice belinda benedicte benjamin benoit berenger berenice bernadette bernard berthe bertrand betty bettina bilal bintou blaise blanche blandine
bogdan boris boubacar boubakar brahim brandon brenda brian brice brieuc brigitte bruno bryan calixte calvin camelia camille candice capucine carine carl carla
carlos carmen carole caroline caroll cassandra cassandre catherine cathy cecile cecilia cedric celestin celestine celia celine cesar chaima chantal charlene
charles charlie charline charlotte charly cherif chiara chloe christel christelle christian christiane christianne christine christophe cindy claire clairette clara clarisse
claude claudette claudia claudie claudine claudio claudius clelia clemence clement clementine cleo cloe clotilde clovis coline colette colin constance
constant constantin coralie corentin corinne cosette cyprien cyriaque cyril cyrille cyrine dalila damien dan daniel daniela daniele danielle danny dany daphne
david dayana deborah delphine demba denis denise denys diane didier diego dimitri dina djamel djamila djibril dominique donovan dora dorian dorine doriane
dorothee driss dylan edgar edith edmond edmonde edouard eduardo edwige elena eleonore eli elia eliane elias elie eliette elif elina eline elisa elisabeth elise
elizabeth ella ellie elliot elodie eloise elsa elvire elyne elza emeline emeric emile emilie emilien emilienne emilio emma emmanuel emmanuelle emmy enola enora
enzo eric erica erika ernest ernestine erwan erwann estelle esteban esther ethan etienne etiennette eugene eugenie eva evan evelyne ewa ewen fabien fabienne fabio fabiola
fabrice fadila fanny faouzi farah farid farida fatiha fatima fatma fatou fatoumata faustine fayssal felicie felicien felicite felix ferdinand fernand fernande fernando
firmin flavie flavien fleur flora florence florent florentin florian floriane florine fouad francesca francesco francine francis francisco franck francois
francoise frank franky frantz fred freddy frederic frederique gabin gabriel gabriella gabrielle gael gaelle gaetan gaetane gaston gauthier gautier genevieve
geoffrey geoffroy george georges georgette gerald geraldine gerard germain germaine ghislain ghislaine gianni gilbert gilberte gildas gilles gino giovanni
gisele giuseppe gladys gonzague goran graziella gregoire gregory guilhem guillaume guillemette gustave guy guylaine gwenael gwenaelle gwendoline habib habiba hadrien hafida
hafsa hakim halima hamed hamid hamza hanae hanane hans harold haroun harry hasan hassan hassna hatem hawa hector hedi helena helene heloise henri henriette
herve hicham hilaire hilda hippolyte honorine honore hortense houria hubert hugo hugues huguette ian ibrahim ibrahima idris idriss ignace igor ikram ilan ilana ilham
ilona ilyas ilyes ilyess imad iman imane imen imran ines ingrid inna ionut irene iris irina irma isaac isabel isabella isabelle isaline ishak islam ismael ismail
issa issam ivan ivana ivanka jacky jacob jacqueline jacques jade jamal jamel jamila jan jana janina janine jason jasmine javier jayden jean jeanine jeanne jeannette jeannine
jeff jennifer jenny jeremie jeremy jerome jessica jessie jessy jeyson jihane jimmy joachim joan joana joanna joao jocelyn jocelyne joel joelle joey johan johann
johanna john johnny jonas jonathan jordan jordane jorge jose josee joseph josephine josette joshua josiane josianne josselin josue joy juan judith jules julia julian
juliana julie julien julienne juliette julio justin justine kader kadiatou kadija kahina kais kaina kamal kamel karen karim karima karine karl karol karoline katarzyna katel
kathleen kathy katia katy kelly kelyan kelian kendra kenny kenza kenzo ketty kevin khadidja khadija khadim khaled khalid kheira kilian killian kim kimberley kimberly kylian kyllian
krystel krystyna ladji laetitia laila lamia lamine lana lara larbi larissa latifa laura laure laureen laureline laurence laurene laurent laurette laurie laurine lauryne layla
lea leana leandre leandro leane leila lena lenny leo leon leonard leonce leonie leonor leontine leopold leslie lev levana leyla lia liam liana lidia lila lilia lilian liliane
lilly lilou lily lina linda lindsay line lino lionel lisa lise lisette lison livia loan loane logan loic lola lois lorena lorenzo loris lou louane louanne louay louis
louisa louise louka louna lubna luc luca lucas lucette lucia lucie lucien lucienne lucile lucille lucy ludivine ludovic luigi luis luisa lukas luna lydia lydie lylou lyna lyne maceo
macha madeleine madeline madison mae mael maelle maeline maelys maeva magali magalie magdalena maggy maghnia maia mahamadou maia maike mailys maimouna maite malek malika malo malory
mamadou manal manel manon manuel manuela maodo maram marc marceau marcel marcelin marceline marcelle marcello marco margaux margot marguerite maria mariam mariama marian mariana marianne marie
mariella marielle marilou marilyn marilyne marin marina marine mario marion marise marius marjolaine marjorie mark marko marlene marouane martha marthe martial martin martine marvin mary maryam maryline maryse maryvonne matheo
mathias mathieu mathilde mathis mathys matias matilda matis matteo matthias matthieu matthis maud maude mauricette maurice maurine max maxence maxime maximilien maxine maya maylis mehdi
mehmet melanie melina meline melinda melissa melisande melody mercedes meriem meryem mia michael michel michele micheline michelle mickael miguel mihaela mika mike mikael mila milan milena milo milhan
mina miloud mireille miriam mirela moctar modeste modou mohamed mohammed mohand moise moncef mona monia monica monique morad morgan morgane mostafa mouhamed mouloud mounia mounir mourad moussa moustapha muhammad
murielle muriel mustafa mustapha mya mylene myriam nabil nabila nacer nacera nadege nadia nadine nadir nadira naelle nahel naila naim naima naomi narcisse nasser nassim nassima nastasia natacha natalia natalie nataly natasha nathalie nathan nathanael nathane nawal nawel
nazim nelly nelson nesrine nicolas nicole nicolette nicoletta nina nino ninon noa noah noam noe noel noelie noeline noella noelle noemi noemie nolan nolwenn nora norah norbert norman nouha noura nourdine noureddine nouria
oceane octave odette odile odilon ola oleg oleksandr oleksandra olena olga olive oliver olivia olivier omar ophelie orane oriane orlane orlando oscar osman othman ouassila oumar oumou ousmane owen ozan
pablo paco paloma pamela paola paolo pascal pascale pascaline patrice patricia patrick paul paula paule paulette paulin pauline paulo pavel pawel pedro peggy perrine peter petra philibert philippe philippine penelope philomene henry andrzej jakub mateusz radoslaw malgorzata agnieszka krzysztof dirk jozef lars gabriela nuno isidro juana carmelo pierre pierrette
pierrick piotr prosper priscilla prudence quentin rabah rabia rachel rachid rachida radia radouane rafael rafik raissa ralph ramata ramdane ramon rania raoul raphael raphaelle raymond raymonde rayan rebecca redouane regine regis reine remi remy renata
renaud rene renee reynald ricardo richard rita robert roberta roberto robin rocco rodolphe rodrigue roger roland rolande romain romaine roman romane romaric romeo romuald romy ronald ronan rosa rosalie rosario rose roseline rosie rosine roxane roxana
ruben rudy ruth ryad ryan sabah sabine sabri sabrina sacha safia safiatou said saida salah salim salima salimata sally salma salome salomon salvatore sam samba sami samia samira samir samuel samy sandie sandra sandrine sandy sanya sara sarah sasha saskia savannah
sebastien segolene selim selma semih serge sergei sergio severin severine seydou shaima shanna sharon shawn shirley sidonie sidy sihem silvia simeon simon simone sinan siham slimane sofia sofian sofiane sofien sohan soizic solange solene soline sonia sophia sophie soraya souad soufiane souhila souleymane
soumaya stanislas stan stella stephan stephane stephanie stephen steve steven steeve stevie suleyman suzanne suzette svetlana sven sylvain sylvaine sylvana sylvester sylvestre sylvette sylvia sylviane sylvie syrine tania tanguy tara tarek tariq tatiana tayeb teddy teo teresa terry tess tessa thais
thea theo theodore theophile therese thibaud thibault thibaut thiago thierry thierno thomas tiago tifany tiffany tim timeo timothe timothee timothy titouan tom tomas tomasz tony toussaint tristan ugo ulrich ulysse umberto urbain ursula valentin valentina valentine valerian valerie valery valeria vanessa vasile
venceslas vera veronique vianney vicente vicky victoire victor victoria victorien victorine vincent vincente violaine violette virgile virginie viviane vivien vlad vladimir volodymyr wafa wahid waldemar walid walter wanda wassila wassim wendy wesley wiktor wilfried wilfrid willem william willy wissam wladyslaw wolfgang xavier
xaviere yacine yacouba yael yaelle yagmur yamina yan yanis yann yannick yannis yara yasin yasmina yasmine yassin yassine yazid yesim yliana yoan yoann yohan yohann yolaine yolande yoram youcef younes youri youssef youssouf ysaline yuliia yulia yusuf yvan yves yvette yvon yvonne zacharie zahia zahra zaina zakaria zakari zarah zbigniew zelie zeina zeinab
zinedine zineb zita zoe zoelie zohra zora zoubida zoulikha zuzanna
""".split()
)

# Folded. Common family names, mostly of the north of France; those that are everyday words count only after a cue or beside a first name.
NOMS = frozenset(
    """
allart andre andrieux antoine arnaud aubert auclair baert bailleul bailly barbier baron barre baudelet bauduin bauwens beaucamp becquart becquet benoit berger bernard berthe bertin bertrand besson bigot billet blanc blanchard blanchart blondeau blondel bocquet bodart boucher boulanger
boulet bourdon bourgeois bouvier boyer bracq brasseur brunet brunel bultel bultez caboche cailliau calonne camus capelle caron carlier carpentier carre carton cattiaux caudron cauchy cauvin chapelle charles charpentier chartier chevalier choquet clement cochet colin collet collin cordier cordonnier cornet cornu cossart
couvreur cousin coquelle crepin cresson crombez croix cuvelier cuvillier dambrine danel daniel david debruyne decroix defebvre defossez degand delacroix delannoy delaporte delattre delbecq delcourt delcroix deleplace delhaye delmotte delobel delvallee demarest denis denoyelle deprez deram dereims descamps deschamps desmet desprez devos
dewaele dhaene dhainaut dhalluin dubois dubrulle dubus duchemin duchene ducrocq dufour duflos dufresne dugardin duhamel dumas dumont dumoulin dumortier dupond dupont dupre dupuis dupuy durand durieux duriez dussart duthoit dutilleul duval evrard facon fauquembergue fauquet fauvel ferrand fievet flahaut flament flamant fleury fontaine fournier francois
francq gallet gambier garnier gaudin gauthier gautier germain gilbert girard giraud godart gosselin goubet gouillart guerin guilbert guillaume guillemin hannedouche hanquez hautecoeur hennebelle henneton henry herbaut hermant hernu herve hochart hocquet houbart hubert huret jacob jacquart jacquemin jacques joly joseph kaczmarek kowalski kowalczyk labbe labitte laigle lallemand
lamarre lambert langlet lannoy laurent lavigne lebas lebegue leblanc leblond lebrun lecocq lecomte lecoeuche leclerc leclercq ledoux leduc lefebvre lefevre lefort legrand legros lejeune leleu lelong lemaire lemaitre lemoine lenglet lenoir lepage lepretre leriche leroux leroy lesage lesueur letombe levasseur levecque lherbier lhomme lobry louchart loison lucas
macquart maes mahieu maillard mallet marchal marchand marchant marechal marie marquis martel martin martinez masson mathieu mathon maurice mercier merlier merlin meunier meurin michel michaud millot minet mocquet moreau morel morin moulin muller nicolas niewiadomski noel normand nowak obry olivier pamart paquet parent parmentier patou pauchet paul payen
pecqueur pecqueux penin perrin petit petitprez philippe picard picavet pierre pierron pinchon piquet planquette plouvier poirier poiret poteau pouille prevost prevot prudhomme pruvost pruvot quenehen quievreux ranson regnier renard renaud renier richard riviere robert robillard roche roger roland rolland roussel rousseau roux roy sagnier sailly salome sauvage sauvaget
segard senechal senez seillier simon stievenard szymanski taillez tavernier tellier thellier thery thibaut thomas tison tournier toursel tourneur vaillant valentin vandamme vandenberghe vandenbroucke vanhoutte vanhove vasseur verhaeghe vermeersch verbeke vincent vilain voisin wacheux wallart watel wattel waterlot wavrin willems willemin wojcik zielinski
diallo diop traore ba sow ndiaye fall keita coulibaly camara konate cisse kone toure benali bouzid haddad khelifi mansouri saidi slimani brahimi belkacem cherif ferreira silva santos pereira costa fernandes rodrigues goncalves garcia lopez sanchez perez nguyen tran yilmaz demir popescu ionescu
""".split()
)
