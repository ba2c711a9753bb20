import type { Grammar } from './grammar.ts'

export const spanish: Grammar = {
  greeting: '{Hola|Buenos días|Buenas|Qué tal|Buenas tardes} [name],',
  topics: [
    {
      subject: '{Comida|Comida el [weekday]|El [weekday] al mediodía|Comemos juntos|Comer esta semana}',
      opening:
        '{el [weekday] tengo una hora libre al mediodía|mi [weekday] está más tranquilo de lo que temía|hace {mucho|semanas|un mes} que no comemos juntos|el [weekday] estaré {cerca de tu oficina|por tu barrio|a la vuelta de la esquina}}.',
      detail:
        '{El sitio pequeño de la estación ha cambiado la carta|La panadería de detrás del puente ya hace sopa|He encontrado un lugar tranquilo a dos calles del mercado|El jardín de la posada vieja ha vuelto a abrir}, y {solo la sopa merece el paseo|antes de la una nunca hay gente|atienden deprisa|quiero probarlo desde hace {tiempo|semanas}}.',
      question:
        '{¿Te vendría bien|¿Reservo una mesa|¿Tienes un rato|¿Te apuntas}, {o llevas la semana demasiado llena|o mejor otro día|digamos a la una y media|o lo dejamos para la semana que viene}?',
    },
    {
      subject: '{Notas del [weekday]|El acta|Nuestra charla del [weekday]|Lo que acordamos|Un breve resumen}',
      opening:
        '{he repasado mis notas del [weekday]|esto es lo que saqué de nuestra charla|he puesto por escrito los puntos de la reunión|antes de que olvide la mitad, unas palabras sobre el [weekday]}.',
      detail:
        '{El primer borrador puede ser tosco mientras esté completo|El orden de los capítulos se queda, solo se mueve la introducción|Tú te ocupas de las imágenes y yo de las tablas|Primero sale la versión corta y después la larga}; {lo demás puede esperar al mes que viene|no se decidió nada más|el resto sigue abierto|espero que lo recuerdes igual}.',
      question: '{¿Me he dejado algo|¿Lo entendiste igual|¿Añadirías alguna cosa|¿Están bien las fechas}?',
    },
    {
      subject: '{Un libro para ti|Aquel libro|Lectura para el tren|Algo para leer|El libro del otro día}',
      opening:
        '{anoche terminé el libro sobre {puertos|jardines|mapas antiguos|puentes}|me pediste algo para leer en el tren|he dado con un libro que me hizo pensar en ti|la biblioteca tenía el tomo del que hablamos}.',
      detail:
        '{Empieza despacio, pero desde el tercer capítulo no pude soltarlo|La mitad trata de cartas y la otra mitad de quienes las llevaban|El autor sigue un río y cuenta lo que pasó en sus orillas|Es corto, y más divertido de lo que parece por fuera}{. Te he marcado una página|. Los dibujos son preciosos|, y el final me sorprendió|}.',
      question:
        '{¿Te lo llevo el [weekday]|¿Quieres que te lo preste|¿Ya lo has leído|¿Lo quieres tú después}?',
    },
    {
      subject:
        '{La cita|El [weekday] o más tarde|Moverlo un poco|Un pequeño cambio|La semana que viene}{| otra vez}',
      opening:
        '{me ha surgido algo el [weekday]|mi agenda se ha movido un poco|la sala está ocupada el [weekday]|el [weekday] tengo que salir antes}{, lo siento|, por desgracia|}.',
      detail:
        '{Por la mañana todavía podría|Una hora más tarde no sería problema|También podemos hablarlo por teléfono|Puedo dejarlo todo listo el día antes}, {así no se pierde nada|y a los demás les parece bien|si te resulta más fácil|y media hora debería bastar}.',
      question:
        '{¿Qué te viene mejor|¿Te parece bien así|¿Qué prefieres|¿Hay alguna hora que te venga mejor}?',
    },
    {
      subject: '{El borrador|Otro par de ojos|Tu opinión|Dos páginas para leer|El texto del [weekday]}',
      opening:
        '{el borrador está casi listo|llevo días dándole vueltas a la misma frase|el texto del [weekday] ya tiene [number] páginas|he dejado la segunda mitad en un tercio}.',
      detail:
        '{Lo que no me convence es el principio, que suena más rígido de lo que quería|La parte central se hace larga y no veo por qué|El título sigue sin encajar|Hay un párrafo que me gusta y que todos los demás quieren quitar}. {Tú tienes mejor oído para eso|No te llevaría más de diez minutos|No corre ninguna prisa|Prefiero oírlo de ti}.',
      question:
        '{¿Le echas un vistazo|¿Puedo leértelo|¿Te lo doy el [weekday]|¿Tienes un momento tranquilo para ello}?',
    },
    {
      subject: '{La mudanza|La oficina nueva|Cajas por todas partes|Nos vamos instalando|Tu mesa nueva}',
      opening:
        '{me han dicho que la mudanza ya ha terminado|toda la planta está llena de cajas|poco a poco nos hacemos a las salas nuevas|alguien me contó que ahora tienes ventana}.',
      detail:
        '{La luz es mucho mejor, aunque el ascensor va lento|La cocina es pequeña, pero el café ha mejorado|La mitad de las plantas ha sobrevivido y las otras se recuperan|Por la tarde un vecino toca el piano, y bastante bien}, {y nadie encuentra la grapadora|y cada día me gusta más|que es más de lo que esperaba|así que ven a verlo}.',
      question:
        '{¿Cómo va por ahí|¿Ya has vaciado las cajas|¿Cuándo te pasas|¿Echas de menos el sitio de antes}?',
    },
    {
      subject: '{El fin de semana|Un paseo el [weekday]|El lago|Si aguanta el tiempo|Fuera de la ciudad}',
      opening:
        '{el tiempo del fin de semana pinta mejor de lo esperado|el [weekday] estuvimos en el lago|por fin he arreglado la bicicleta vieja|los niños quieren ver el bosque antes del invierno}.',
      detail:
        '{Hay un sendero junto al agua de unas dos horas|La colina de detrás del molino tiene las mejores vistas|El café del embarcadero abre hasta fin de mes|Se puede ir en el tren pequeño y volver andando}{, y el perro estaría encantado|. Llevaríamos bocadillos|, con un descanso a mitad de camino|. Es llano casi todo el rato}.',
      question: '{¿Te vienes|¿Estás libre ese día|¿Pasamos allí el día|¿Conoces el camino}?',
    },
  ],
  aside:
    '{Por cierto, {tu idea de las etiquetas funcionó bien|la impresora vuelve a ir|tengo aquí tu paraguas|Marta te manda saludos}.|{Aquí llueve desde el [weekday]|Los días se acortan, ya se nota|Sigo buscando un buen té|El tranvía llega tarde otra vez, así que voy a pie}.|{Gracias de nuevo por tu ayuda del otro día|Te debo una respuesta a tu última pregunta|Tu consejo sobre el jardín era bueno|Siempre olvido devolverte el bolígrafo}.}',
  closing:
    '{Dime cuando puedas|Tómate tu tiempo|No hay prisa|Con una línea me basta|Estoy aquí hasta el [weekday]|Espero tus noticias|Hasta pronto|Que tengas un buen día}{.|, y mucho ánimo para hoy.|, como siempre.}',
  signOff:
    '{Un saludo|Saludos|Un abrazo|Muchas gracias|Un cordial saludo|Hasta luego|Cuídate}{,\n[sender]|\n[sender]}',
  answer: {
    opening:
      '{gracias por tu mensaje|me alegra leerte|qué rapidez, gracias|gracias por acordarte|menos mal que escribes|has sido más rápido que yo}{.|, justo iba a escribirte.|, y perdona la espera.|, me ayuda mucho.}',
    detail:
      '{{Sí, me viene bien|Me encaja perfectamente|Cuenta conmigo|Me gustaría}, {el [weekday] está bien|a partir de las diez cuando quieras|solo tengo que volver antes de las tres|lo apunto para el [weekday]}.|{Antes tengo que mirar una cosa|Pregunto a los demás|Del [weekday] aún no estoy seguro}, {pero mañana te digo|y luego te cuento|aunque suena bien}.|{Yo lo veo igual|En eso tienes razón|No lo había pensado así|Así lo recuerdo también}, {así que lo dejamos como está|y no cambiaría nada|solo el final podría ser más corto|y lo demás puede esperar}.|{Esta semana está difícil|Estoy fuera hasta el [weekday]|Ahora mismo voy algo cargado}, {qué tal la siguiente|pero la próxima la tengo libre|esta vez seguid sin mí}.}',
    closing:
      '{¿Llevo algo|¿Te sirve|¿Te parece bien|¿Basta con eso|¿Necesitas algo más de mí}?{| Si no, nos vemos entonces.| Estoy todo el día por aquí.| Hasta entonces, cuídate.}',
  },
  attribution: '[name] escribió:',
}
