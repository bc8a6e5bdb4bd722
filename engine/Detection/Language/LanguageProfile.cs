namespace Surveillance.Detection.Language;

/// <summary>Words, letters and three-letter pieces that tell the languages written with Latin letters apart.</summary>
/// <remarks>
/// Words and pieces are folded. The short words of each language were written down by hand; further words and the pieces, with
/// their weights, are those that tell it best from the other six in texts written for this product.
/// </remarks>
internal sealed record LanguageProfile(string Code, string Words, string Letters, string Pieces)
{
    /// <summary>Every profile, in the order in which scores are kept.</summary>
    internal static readonly LanguageProfile[] All =
    [
        new(
            "en",
            """
            the a an and or but if then than that this these those there here is are was were be been being am do does did done dont doesnt didnt have has had havent will would wont
            shall should can cant could may might must of to in on at by for from with without about into over under after before between out off up down again once i you he she it
            we they me him her us them my your his its our their mine yours what which who whom whose when where why how all any both each few more most other some such no nor not
            only own same so too very just im ive ill youre thats theyre lets isnt arent wasnt please thanks thank hello hi hey dear yes yeah sorry going get got getting make made
            need want know think see look take give come came went say said tell told ask today tomorrow yesterday morning week month year years still already also ever never always
            now soon new back good well much many last next first one two three pls thx u ur gonna wanna anyone someone everyone nobody everything something nothing because until
            while though through against during above below yet kill book cancel order working left leave hold buy sell sold bought filled offered bid price client desk meeting asked
            call called account free th send card like half as fee mr day bring time since old go loan people days put paid money home let fund four cover team
            """,
            "",
            """
            _th8 the8 you9 _yo7 he_4 ed_5 th_8 ll_5 nd_3 _it7 our3 ay_6 _to3 ou_3 _wh7 for4 day7 ing3 wit7 tha6 ith6 of_5 at_3 _of4 _on3 ear6 ng_2 _fo3 ow_7 thi5 ly_6 _an2 ur_2 ve_3
            hat4 and2 _sh6 ts_3 or_2 _i_4 hav6 _in2 ld_4 oun6 _we2 oul5 _ou3 rs_3 nt_2 _ye6 ry_5 _is2 _at3 _if6 fro5 uld5 ut_3 ew_5 _wi2 _by6 eas5 _go3 by_5 ill3 if_5 _wa2 we_3 hin4
            ght5 _fr2 his5 now5 ys_5 lea4 new5 nth5 _up5 ty_5 igh5 hou5 yea5 ey_5 any5 ree3 ave2 her2 ot_3 my_5 _my5 ds_3 ays5 can3 dea4 id_4 rom3 _us3 cou3 ple3 ake5 ks_4 out2 one2
            sho5 ee_2 ck_3 ted4 ook4 _pl2 eed4 dy_5
            """),
        new(
            "de",
            """
            der die das den dem des ein eine einen einem einer eines und oder aber wenn dann als dass ob weil denn ist sind war waren sein bin bist wird werden wurde wurden haben hat
            habe hatte hatten kann konnen koennen konnte soll sollte will wollen muss mussen darf durfen mag mochte im in an am auf aus bei beim bis durch fur gegen mit nach ohne
            seit uber um unter von vom vor zu zum zur zwischen ich du er sie es wir ihr mich dich ihn uns euch mir dir ihm ihnen mein meine dein deine seine ihre ihren ihrem unser
            unsere euer nicht kein keine keinen nichts auch nur noch schon sehr mehr viel viele alle alles hier dort da jetzt heute morgen gestern immer nie wieder wie was wer wo
            wann warum welche bitte danke guten tag hallo herr frau liebe grusse ja nein gerne gern so sich man diese dieser dieses damit darum also doch mal ganz gut neue neuen zwei
            drei euro woche monat jahr konto karte geld bank termin ab einmal komme herzlichen einladung alten hilft dank zehn leider gleich ersten unterlagen schicken neu liegt habt
            geht donnerstag urlaub mutter kommt hast hab bekommen beide fallen zeit zahlen wirklich vorbeikommen sag rechnen nachher montag machen kurz
            """,
            "ß9 ä5 ö5 ü5 „5",
            """
            en_2 ch_6 ich6 ie_4 ein5 sch5 _ic7 _ih8 _ei6 ung6 _zu7 wir7 die4 hr_7 ihr7 er_2 fur6 _ge3 wei7 uns6 der3 _ko4 auf6 sie4 und3 hre5 cht4 das5 _wi3 hen4 ten2 _da2 _un2 mit4
            bei5 den3 och4 ehr6 ach3 ir_3 hne6 rau5 nn_6 eit4 _fu3 kom5 nen4 abe4 hab5 ei_3 ht_3 _im4 _zw6 neu5 im_4 aus4 _au3 mme4 gen2 ben3 _si2 nd_2 seh6 uf_4 noc4 tag4 ab_6 ger4
            eue6 _ha2 um_3 zwe6 zum6 rn_5 lte4 kon5 omm3 st_2 che2 zu_6 ine2 run5 _mi2 lei4 ste2 _sc3 wie5 nac5 uch4 nge3 itt4 _bi2 bis4 ter2 ber3 ern3 uss4 fra3 her2 nde2 ers2 chl5
            vor3 eid5 it_2 ist2 ihn5 ehe5 gut5 ag_2
            """),
        new(
            "fr",
            """
            le la les l un une des du de d et ou mais si que qu qui dont quand comment pourquoi est sont etait etaient etre suis es sommes etes sera ont a ai as avons avez avait
            avoir fait faire peut peux pouvez pouvons doit dois devez veux veut voulez va vais allez dans sur sous par pour avec sans chez en au aux vers entre avant apres pendant
            depuis jusque je tu il elle on nous vous ils elles me te se lui leur leurs mon ma mes ton ta tes son sa ses notre nos votre vos ce cet cette ces cest ca cela ceci ne pas
            plus rien jamais aussi tres bien tout tous toute toutes meme encore deja ici maintenant aujourdhui demain hier merci bonjour bonsoir monsieur madame oui non svp jai nest
            dun dune quil sil deux trois semaine mois annee compte carte banque argent jeudi lundi mardi mercredi vendredi samedi dimanche frais soir moi matin livret jours trouve
            reste pret cher cas beaucoup part vu vingt petit jusquau heures enfin dossier contrat assurance trop retard reponse panne nouveau moins lagence journee ete dix cetait bas
            arrivera liste quelle dire vraiment taux tas sympa repondra profite prenez pourriez personnes neuf daccord comme chiffres appartement ans voit troisieme sauf recu offre
            mere marche livraison limprimante letage jusqua
            """,
            "œ9 ê3 ç2 è2 à2 ù2 î5 ï3 ô2 û5 é2 «2",
            """
            ous7 us_5 vou6 _vo3 vot7 _et6 nt_3 re_2 otr5 pou7 tre3 _le2 ez_5 le_2 es_2 ux_7 nou6 our3 jou7 ur_2 _je3 rai5 eux6 _av4 _ce3 eme4 ouv5 ns_3 ais4 moi6 ait5 les3 uve5 je_3
            ire4 eur2 sur4 du_4 tio3 ons3 ce_2 au_3 oir6 _du2 ret4 ec_5 soi6 un_2 _jo4 it_2 eau5 _mo2 ee_2 ati2 ite2 njo5 deu4 ans3 air4 vec4 onj5 ure3 une3 fai5 rep3 tou3 ois3 voi4
            ieu4 son2 mai3 pte4 oin3 cou3 not2 sui4 ivr5 aux5 _au2 ave2 ava3 ui_3 vez4 vre5 roi5 uis3 ndr3 peu5 jeu5 ier2 tes2 mpt5 nce2 bon3 oit4 urs3 jai4 usq5 dem2 ai_2 oye4 eti3
            squ4 ffr4 enf4 app2 mon2 liv4 rci3 oup4
            """),
        new(
            "es",
            """
            el la los las un una unos unas lo al del de y e o u pero si que quien cual cuando donde como por porque para con sin en entre desde hasta hacia sobre tras es son era eran
            ser soy eres somos esta estan estoy estaba estamos ha han he has hemos habia haber hay tiene tienen tengo tenemos puede pueden puedo podemos quiero quiere quieren va van
            voy vamos hace hacer hago yo tu ella nosotros ellos ellas usted ustedes me te se le les nos os mi mis tus su sus nuestro nuestra vuestro este estos estas eso esa ese esto
            no ni ya mas menos muy mucho poco tambien tampoco todo todos nada nadie algo siempre nunca ahora hoy manana ayer aqui alli gracias hola buenos dias buenas tardes favor
            senor senora don dona bien solo cuenta tarjeta banco dinero semana mes ano dos antes jueves viene viernes misma lunes cuanto euros pases nuestros luego cumpleanos vemos
            tienes podria piso papeles otra comision adjunto reunion hora meses treinta taller prestamo pasa despues decir debe companera bueno seguro fecha fin veinte recibo quedan
            prefieren pasado nuevo noche mensaje llevar llego estimada encontramos duplicado doce diez decirme corrijalo contesta coche aparcando falta feliz anos cada minutos saludo
            retraso renta redaccion recepcion quedo quedado
            """,
            "ñ9 ¿9 ¡9 í2 ó2 á2 ú2 é1",
            """
            os_3 _el5 el_3 _y_6 la_2 que2 _la2 es_2 _qu2 ue_2 cio5 _es2 _ll7 mos3 _en2 ien3 ta_2 ado3 as_2 do_2 est2 lo_3 ued6 su_6 _lo2 pue6 uen4 _cu4 nue5 nes3 ya_5 oy_6 ues3 por2
            uev6 ias4 _ya6 ros3 dos3 nos2 aci4 na_2 _te2 nta2 ana3 cue5 cua6 asa4 go_3 bue5 ria3 ene2 amo2 des2 emo4 aja5 eso4 las3 eci3 del2 tu_3 _nu2 ero2 ada2 dad3 yo_5 mis2 los3
            ism5 uie5 tie3 bie2 eng4 vie2 eda3 sal2 omi3 qui2 sde4 str2 oso5 odr5 muy5 jue5 hoy5 cib5 sto2 una2 lam3 dia2 ici2 cir4 nas4 nad3 _ti2 mas3 eva3 sad4 jaj5 baj5 cia2 ari2
            uy_4 dec2 cam2 ano2 _pu2 ego3 esd3 ueg4
            """),
        new(
            "pt",
            """
            o a os as um uma uns umas ao aos do da dos das de e ou mas se que quem qual quando onde como por porque para pra pro com sem em no na nos nas num numa entre desde ate
            sobre sao era eram ser sou somos esta estao estou ta to estava foi foram tem tenho temos tinha ha pode podem posso podemos quero quer querem vai vao vou vamos faz fazer
            faco eu tu ele ela voces voce vc eles elas me te lhe lhes meu minha meus minhas teu tua seu sua seus suas nosso nossa este esse essa isso isto aquele nao nem ja mais
            menos muito pouco tambem tudo todos nada ninguem algo sempre nunca agora hoje amanha ontem aqui ali la obrigado obrigada ola oi bom dia boa tarde favor senhor senhora sim
            bem so conta cartao banco dinheiro semana mes ano gente ai entao ne segunda taxa quinta sexta reuniao fim dois bora nossos mesmo mesma dizer aproveita aniversario ainda
            seguro dias sai praia extrato depois porta domingo primeiro pela passou outra novo horario fora espero blz beijo achamos abraco volta documentos valeu tentou relatorio
            redacao prezada preferem participar paragrafo levo infelizmente fundo faltam fale diferenca conseguir coisa boleto apartamento aparelho agencia advogados segue manda
            feliz nove mil urgente divertido tres vinte vindo vencimento
            """,
            "ã9 õ9 ç2 â3 ê3 á2 à1 é1 í1 ó1 ú1",
            """
            ao_7 _o_5 em_5 do_3 da_3 cao7 eu_5 _se2 ra_2 ia_3 ta_2 ara3 _e_2 om_3 os_2 com2 egu4 _na3 aca5 _em5 nao6 seg4 _qu2 que2 _um4 nha6 voc5 seu5 _do2 dia3 nto2 par2 sso3 oce4
            ado2 ar_2 na_2 ha_3 nho5 pra3 inh6 xa_6 nta2 rta3 rio3 co_3 mos2 ja_3 nda2 tem3 foi5 ora2 tao5 ela3 enc2 ou_2 io_2 _at2 sem3 uma5 anh5 mui5 ca_3 ma_2 esm5 enh4 oss3 ndo2
            _ja2 so_2 tam3 por2 gun3 cia2 nci3 _r_5 bem5 axa5 lho4 um_2 ua_3 hor3 eir4 car2 ois3 nca3 vid4 sua3 tos2 rar3 rac2 uem4 ida2 ext3 sa_2 _bo2 nov3 ito2 ime2 iao4 oi_2 sar4
            iu_3 xta5 sex5 fim5 uit2 ceb5 oje4 _as2
            """),
        new(
            "it",
            """
            il lo la i gli le un uno una l del della dei degli delle dello di da in con su per tra fra al allo alla ai agli alle dal dalla dai nel nella nei nelle sul sulla sui e ed
            o ma se che chi cui quale quando dove come perche sono era erano essere sei siamo siete ha hanno ho hai abbiamo avete aveva avere puo possono posso puoi possiamo voglio
            vuole vuoi va vanno vado andiamo fa fare faccio io tu lui lei noi voi loro mi ti si ci vi ne mio mia miei tuo tua suo sua nostro nostra vostro questo questa questi quello
            quella non piu meno molto poco anche tutto tutti tutta niente nulla nessuno qualcosa sempre mai ora adesso oggi domani ieri qui li grazie buongiorno buonasera ciao prego
            signor signora bene solo gia ancora allora cosi pero conto carta banca soldi settimana mese anno euro gentile venerdi entro due senza troppo tre ricevuto dopo lunedi fino
            riunione mutuo giorni dieci nuovo giovedi sotto minuti cento costa casa ragione lungo lhanno lettera giorno avevi parte mando fondo secondo ritardo purtroppo potro
            polizza partecipare otto ogni mesi mattina lezione forte documenti confermiamo aver annullata anni collega quanto vorrei venite unaltra trenta stato settembre risponde
            riavviare quali provato potrebbe portare notaio mare lelenco lapparecchio domenica dirmi differenze devo controllato commissione
            """,
            "ì7 ò7 ù4 è2 à2 é1",
            """
            to_2 ti_6 _il5 di_4 no_3 _e_3 il_3 tto7 gio6 iam5 _ri4 lla4 ono5 ni_5 zio7 la_2 non5 ato4 per3 tti6 mo_3 tro3 ne_2 gli5 chi4 io_2 mi_4 ett4 del3 orn5 _ch2 ro_2 ci_3 one3
            _pe2 uo_5 si_3 azi6 ior5 _gi3 nno5 po_4 amo2 li_4 ost2 gno6 za_5 _al2 ggi6 sul5 nti3 vi_5 ann3 enz5 ott5 tut4 ri_5 utt4 _ci3 str2 nto2 dal5 ell2 ved4 _tr2 opp4 are2 bbi5
            ess2 ssi3 abb5 bia4 ul_4 cev5 ata3 va_2 sa_2 una3 ndo2 att2 nel4 ndi2 ric3 lo_2 due4 vo_3 nza4 ice3 suo5 _og5 rop3 ppo4 cos3 col3 son2 rdi3 rno4 dic3 gia4 pia4 riv3 oni3
            dop4 vat4 ris2 edi2 ogn5 cch5 buo5 dom3
            """),
        new(
            "nl",
            """
            de het een en of maar als dan dat die dit deze daar hier er is zijn was waren ben bent wordt worden werd heeft hebben heb had kan kunnen kunt kon zal zullen zou moet
            moeten mag wil willen wilt in op aan uit bij door voor tegen met na naar zonder sinds over om onder van vanaf tot te tussen ik jij je hij zij ze wij we jullie u mij me
            jou hem haar ons hen mijn jouw uw onze niet geen niets ook nog al zeer heel meer veel alle alles nu vandaag morgen gisteren altijd nooit weer hoe wat wie waar wanneer
            waarom welke graag dank bedankt goedemorgen dag hallo heer mevrouw groet ja nee zo zich men wel toch even goed nieuwe twee drie euro week maand jaar rekening pas geld
            bank afspraak hebt gaat gaan komt komen staat doen doet laten weten zelfde vrijdag vergadering uur terug stuur staan spaarrekening rente meenemen maandag klaar huis
            gezien gevonden duurt dagen antwoord binnen lang kosten zomer zoek zoals zit zin zien zie zes zeggen zee zaal winkel werkt werk welkom weken wacht vrouw vriendelijke
            vraag voorstel voordat voorbij volgt volgende vindt vijftig vijf verzetten vertraging verstuurd verschillen verplaatst verkocht verjaardag verdieping verbeteren vaste
            vanwege twintig tweede trein toestel toegang tijd tien thuis terecht tekst tandarts stuks stukken spoed
            """,
            "ĳ9 ë2 ï1",
            """
            ij_9 ik_8 _ik8 aar8 en_2 et_3 het6 _he3 oor7 uw_8 _ee8 aan8 eke7 jn_8 ijn8 bij8 een5 dag7 voo7 mij7 _uw7 van4 _zi5 heb7 _u_5 _op4 zij7 uur7 naa7 lij7 an_2 met4 hee6 iet4
            ag_3 ken4 raa7 oet7 eef7 aag7 nie4 rek7 op_4 ze_4 taa6 eft5 _aa6 ijk6 gev6 oed6 maa6 aat6 laa6 _vr5 _va2 je_2 wij6 nog6 moe6 dat3 wee4 _zo6 _we2 ek_4 bbe4 ebb4 _ze3 ig_3
            eer5 og_5 ft_3 onz4 kun4 _ov4 _er3 stu3 cht2 tva6 tuu6 roe6 ouw6 ntv6 jk_6 jaa6 ijf6 ijd6 hij6 daa6 aal6 aak6 _je2 gez4 _ni2 vri4 tig3 eze4 we_2 ang2 mee4 eel5 nze3 dt_5
            ben2 nin2 ak_4 _ku3 kt_3 rda3 _kl3 zel4
            """),
    ];
}
