"""Contrasts: words that exclude one another, in both languages."""

from __future__ import annotations

# A line is a contrast (an indented one goes on), its poles exclude one another. A form is how a word begins; with a
# full stop it is the whole word.
CONTRASTS = """
вырос выраст нараст нарас возрос возраст. возраста прирос рост. роста росту ростом росте растет растут расти. росл
  увелич возрастет. возрастут. возрастал возрастает возрастают возрастани выше.
  повыс повыш подорож поднял поднят подъем взлет подрос подскоч разрос расшир rise. rises. rose. risen. rising.
  grow grew. increas climb jumped soar surg. surged higher. up. raise expan doubl tripl удво утро
  | рухн обруш просел просад сниз сниж откат упал упад паден падает падал падать сократ сокращ уменьш подешев опустил
  спад. спада обвал fell. fall. falls. falling. fallen. drop. drops. dropped. dropping. declin decreas reduc
  cut. cuts. cutting. shrink shrank plung
  lowered lower. down. slump dip. dipped сузил сужен ниже. narrowed contracted. contracting. contraction. halved
экспорт вывоз вывез export | импорт ввоз ввез import
больше. более. свыше. превы more. over. exceed above. | меньше. менее. less. fewer. below. under.
откры возбуди возбужд open. opens. opened. opening. | закры закрыт недоступ close. closes. closed. closing. closure.
  shut
разреш позволи allow permit. permits. permitted authori legali | запре ban. bans. banned. prohibit forbid forbad
  barred. outlaw
нача начин стартов start begin began. begun. launch commenc | законч заверш прекра end. ended. ends. finish
  complet stop stopped ceas halt
родил рожден born. | умер. умерл смерт кончин скончал погиб die. died. dies. dead. death killed. perish
впервые. первый. первая. первое. первую. первого. первом. первой. первым. первых. премьера. премьеры. премьеру.
  премьере. дебют first. premier debut | последн last. final.
назначи назначен appoint | уволи уволен отстав отстран смещен снят. снял dismiss fired. resign sacked. oust
  removed. stepped
арест задерж arrest detain | освобод отпусти releas freed. free.
оправда acquit | осуди осужд приговор convict sentenced.
поддерж одобр принят. принята. приняты. принято. утверд согласи support approv backed. endors agreed. adopted.
  accepted. | раскритик осудил. осудила. осудили. осужда condemn отклон
  отверг отказал отказат отказыв reject refus opposed. vetoed. veto
подтвер confirm | опроверг отриц denied. deny. denies. refut
укреп упроч усил strengthen | ослаб weaken
улучш improv | ухудш worsen deterior
ввел. ввела. ввели. вводи введен введён введение introduc impos | отмен lifted. cancel abolish scrapped.
созда основал. основала. основали. основан. основана. основано. учреди creat founded. | ликвидир упраздн распущен
  dissolv disband
север north | южн юг. юга юге югу югом south | восто east. eastern east | запад west
крупнейш наибольш максим крупномасштабн biggest. largest. highest. maximum greatest. | наименьш миним
  smallest. lowest. minimum
лучш best. | худш worst.
старше. старший старшая старшего старшей older. elder. eldest. oldest. | младше. младший младшая младшего младшей
  моложе younger. youngest.
прибыль. прибыли. прибылью. profit | убыт loss. losses.
включи включен includ | исключи исключен exclud expel
постро возвел built. build. erected. | разруш снес. снесли снесен демонтир destroy demolish
мужчин man. men. male. | женщин woman. women. female.
профицит surplus | дефицит deficit
опере обогн обогна ahead. overtook. overtak outpac | отста behind. lagg
успешн успех successful success. succeeded. | неудач безуспешн провал fail failure unsuccessful
положительн positive | отрицательн negative
понедельник monday | вторник tuesday | среду. среды. средой. wednesday | четверг thursday | пятниц friday | суббот
  saturday |
  воскресень sunday
весной. весна. весны. весне. spring. | летом. лета. summer | осень осенью осени autumn | зим winter
утром. утра. morning | вечер evening | ночью. ночи. ночь.
вступи присоедин joined. join. joins. | вышел. вышла. вышли. покинул покида left. leave. leaves. leaving. quit.
  quits. withdrew. withdraw
выигра побед лауреат обладател завоев обыгр одоле won. win. wins. winning. victor beat. defeated. | проигра потерпел
  lost. lose.
  loses. defeat.
купил. купила. купили. купить. куплен выкуп покуп приобре buy. buys. bought. purchas acquir | продал продаж
  продан продать продаст продае sell. sells. sold. sale.
перед. до. прежде. before. prior. | после. after. following.
раньше. ранее. досрочно earlier. early. | позже. позднее. later. late.
верхн выше. upper | нижн ниже.
левы левая левой левую left-wing | правый. правая. правой. правую. right-wing
ускор acceler | замедл slow. slowed. slows. slowdown
легальн законн legal. legally. lawful | нелегальн незаконн illegal unlawful
легче облегч упрост easier simpl facilitat | сложнее. труднее. трудн затрудн осложн усложн harder. complicat difficult
выжи уцеле surviv | погиб погиба died. dies. perish killed.
большего. больший. большее. большем. большая. большую. larger. bigger. greater. больше. more. | меньшего. меньший.
  меньшее. меньшем. меньшая. меньшую. smaller. lesser. меньше. less. fewer.
бесплатн | платн
сильнее. stronger. | слабее. weaker.
"""
