//! Spanish. One row for each error: what happened, what to do, what else works.

use super::Row;
use crate::error::Error;

const OTHER_WAYS: &str = "También abren la puerta un código, tu tarjeta o la llave mecánica; y también alguien con acceso o la propiedad.";
const CODES_STAY: &str = "Los códigos guardados y una llave guardada funcionan sin red.";
const ASK_PROPERTY: &str = "La propiedad puede ayudarte y dejarte entrar.";
const DAILY_CODE: &str = "Alguien con acceso, o la propiedad, puede darte un código para hoy.";
const NOTHING_LOST: &str = "No se ha cambiado nada.";

/// The words for `error`; `{n}`, `{total}` and `{direction}` are filled in.
#[rustfmt::skip]
pub(super) fn words(error: Error) -> Row {
    use Error as E;
    match error {
        E::BluetoothOff => ("El Bluetooth está apagado.", "Enciende el Bluetooth e inténtalo de nuevo.", OTHER_WAYS),
        E::BluetoothNotPermitted => ("Esta app no tiene permiso para usar Bluetooth.", "Permite el Bluetooth a esta app en los ajustes del teléfono.", OTHER_WAYS),
        E::BluetoothUnsupported => ("Este teléfono no tiene un Bluetooth que las cerraduras entiendan.", "Usa otro teléfono u otra forma de entrar.", OTHER_WAYS),
        E::LocationOff => ("La ubicación está apagada, y este teléfono la necesita para buscar cerraduras.", "Enciende la ubicación e inténtalo de nuevo.", OTHER_WAYS),
        E::LockNotFound => ("No se encontró la cerradura cerca.", "Acércate a la puerta, despierta el teclado e inténtalo de nuevo.", OTHER_WAYS),
        E::LinkLost => ("Se cortó la conexión con la cerradura.", "Quédate cerca de la puerta e inténtalo de nuevo.", OTHER_WAYS),
        E::NotYet => ("Tu acceso a esta puerta empieza más tarde.", "Mira cuándo empieza, o pregunta a quien te lo dio.", ASK_PROPERTY),
        E::Expired => ("Tu acceso a esta puerta ha terminado.", "Conéctate una vez para renovarlo, o pregunta a quien te lo dio.", ASK_PROPERTY),
        E::OutOfSchedule => ("Tu acceso no vale a esta hora.", "Vuelve dentro de su horario, o pregunta a quien te lo dio.", ASK_PROPERTY),
        E::Revoked => ("Te han retirado el acceso a esta puerta.", "Pregunta a quien te lo dio.", ASK_PROPERTY),
        E::SyncRequired => ("La cerradura necesita sincronizarse antes de dejarte entrar.", "Conéctate una vez y sincroniza esta puerta.", DAILY_CODE),
        E::ClockUnsure => ("La cerradura no sabe qué hora es.", "Sincroniza la puerta con un teléfono con red; el código propio de un residente sigue funcionando.", ASK_PROPERTY),
        E::Deadbolt => ("El cerrojo está echado por dentro.", "Pide a alguien de dentro que abra.", "Puede que funcione la llave mecánica; o la propiedad."),
        E::LockBusy => ("La cerradura está ocupada con otra persona.", "Espera un momento e inténtalo de nuevo.", OTHER_WAYS),
        E::NotPermitted => ("Tu acceso no incluye esto.", "Pregunta a quien te lo dio.", ASK_PROPERTY),
        E::PresenceRequired => ("La cerradura quiere que confirmes en este teléfono.", "Desbloquea el teléfono e inténtalo de nuevo.", OTHER_WAYS),
        E::LockNotTrusted => ("Lo que respondió no es tu cerradura, o no habla como debe.", "No lo intentes más aquí; avisa a la propiedad.", OTHER_WAYS),
        E::DoorUnknown => ("No tienes esa puerta.", "Actualiza tus puertas y elige de nuevo.", ASK_PROPERTY),
        E::NoBluetoothUnlock => ("Esta puerta no se abre con un teléfono.", "Usa tu código o tu tarjeta.", DAILY_CODE),
        E::NoKeycard => ("Esta cerradura no acepta tarjetas.", "Usa otra forma de entrar.", DAILY_CODE),
        E::NoMechanicalKey => ("Esta cerradura no tiene llave mecánica.", "Usa otra forma de entrar.", DAILY_CODE),
        E::NoDoorcode => ("No tienes código para esta puerta.", "Pide uno a quien te dejó entrar.", DAILY_CODE),
        E::NobodyElse => ("Nadie más puede dejar entrar a alguien por esta puerta.", "Pregunta a la propiedad.", ASK_PROPERTY),
        E::NoPropertyContact => ("La propiedad no dejó aquí ni número ni dirección.", "Busca un aviso en la entrada.", DAILY_CODE),
        E::MechanicalFault => ("La cerradura lo intentó y no pudo moverse.", "Empuja o tira de la puerta con suavidad e inténtalo de nuevo.", "Puede que funcione la llave mecánica; avisa a la propiedad."),
        E::LockBatteryLow => ("La batería de la cerradura está demasiado baja para moverla.", "Usa la llave mecánica.", "Pide a la propiedad que cambie la batería."),
        E::LockStorage => ("La cerradura no pudo guardar lo que recibió.", "Sincroniza de nuevo.", "Avisa a la propiedad si vuelve a pasar."),
        E::LockTooOld => ("La cerradura es más antigua de lo que esta app entiende.", "Usa tu código o tu tarjeta.", "La propiedad puede actualizar la cerradura."),
        E::LockTooNew => ("La cerradura es más nueva que esta app.", "Actualiza la app.", OTHER_WAYS),
        E::OfflineAndGrantLapsed => ("No hay red, y el acceso guardado en este teléfono ha caducado.", "Conéctate un momento e inténtalo de nuevo.", OTHER_WAYS),
        E::WrongCredentials => ("El correo o la contraseña no son correctos.", "Revisa los dos e inténtalo de nuevo; en la contraseña cuentan las mayúsculas.", "Cambia la contraseña desde tu propio correo, o pide un código para hoy."),
        E::AccountNotActive => ("Esta cuenta no está activa.", "Pide a la propiedad que la active.", DAILY_CODE),
        E::PasswordTooWeak { .. } => ("La contraseña nueva no cumple las reglas.", "Usa de 12 a 1024 caracteres con una mayúscula, una cifra y un símbolo.", NOTHING_LOST),
        E::MailboxNeeded => ("Eso llega a tu propio correo, que no está en este teléfono.", "Entra con tu contraseña.", DAILY_CODE),
        E::TooManyTries { .. } => ("Demasiados intentos; el servicio espera {n} s.", "Espera ese tiempo e inténtalo una vez más.", DAILY_CODE),
        E::SessionEndedByService => ("El servicio terminó tu sesión; no queda nada de ella en este teléfono.", "Vuelve a entrar.", DAILY_CODE),
        E::BorrowedTimeUp => ("Se acabaron los 15 minutos en un teléfono prestado; todo se ha olvidado.", "Vuelve a entrar si aún lo necesitas.", DAILY_CODE),
        E::PhoneClockWrong { .. } => ("El reloj de este teléfono va {n} min {direction}.", "Pon el reloj en automático en los ajustes del teléfono.", "Las horas que ves son las del servicio; los códigos no cambian."),
        E::NotSignedIn => ("Nadie ha entrado.", "Entra primero.", DAILY_CODE),
        E::Hidden => ("La app está oculta.", "Muéstrala de nuevo con el bloqueo de pantalla de este teléfono.", DAILY_CODE),
        E::DeviceAuthenticationMissing => ("Este teléfono no tiene bloqueo de pantalla.", "Pon uno en los ajustes del teléfono.", "O cierra la sesión: no queda nada."),
        E::DeviceAuthenticationFailed => ("No se reconoció al dueño del teléfono.", "Inténtalo de nuevo.", "O cierra la sesión: para eso no hace falta confirmar."),
        E::NotOnBorrowedPhone => ("En un teléfono ajeno no se guarda nada, así que no hay nada que ocultar.", "Cierra la sesión.", NOTHING_LOST),
        E::AlreadySignedIn => ("Ya ha entrado alguien.", "Cierra antes la sesión.", NOTHING_LOST),
        E::SignInUnderWay => ("Hay una entrada en curso.", "Espera, o cierra la sesión para pararla.", NOTHING_LOST),
        E::SignOutUnderWay => ("Se está cerrando la sesión.", "Espera el informe.", NOTHING_LOST),
        E::SignedOutMeanwhile => ("Cerraste la sesión mientras esto seguía; aquí no tuvo efecto.", "Vuelve a entrar si lo necesitas.", NOTHING_LOST),
        E::ServiceUnreachable => ("No se puede llegar al servicio.", "Revisa la red e inténtalo de nuevo.", CODES_STAY),
        E::ServiceFault => ("El servicio tiene problemas.", "Inténtalo de nuevo en un minuto.", CODES_STAY),
        E::ServiceNotTrusted => ("Lo que respondió no es el servicio.", "Usa otra red; esta puede estar vigilada.", CODES_STAY),
        E::AppTooOld => ("Esta app es demasiado antigua para el servicio.", "Actualiza la app.", CODES_STAY),
        E::ServiceRefused => ("El servicio lo rechazó.", "Actualiza e inténtalo de nuevo.", ASK_PROPERTY),
        E::CodeNotResettable => ("Este código no se puede cambiar.", "Espera a que termine, o pregunta a quien te lo dio.", DAILY_CODE),
        E::CodeCannotBeRevoked => ("Los códigos de un día no se pueden retirar; terminan solos.", "Espera al final de su día.", ASK_PROPERTY),
        E::NoDoorcodeLeft => ("En esta puerta no cabe otro código.", "Retira uno, o espera a mañana.", ASK_PROPERTY),
        E::SharingNotAllowed => ("No puedes dejar entrar a otros por esta puerta.", "Pídelo a un residente de esta puerta.", ASK_PROPERTY),
        E::AlreadyHasAccess => ("Esa persona ya tiene acceso a esta puerta.", "Cambia el acceso que tiene.", NOTHING_LOST),
        E::RecipientInvalid => ("Eso no es un correo ni un número de teléfono.", "Revísalo; un número empieza por + y su país.", NOTHING_LOST),
        E::PeriodInvalid => ("Ese comienzo o ese final no sirven.", "El final va después del comienzo; un código de un día es para hoy o mañana.", NOTHING_LOST),
        E::SyncInterrupted => ("La sincronización se cortó; sigue donde se quedó.", "Quédate cerca de la puerta y sincroniza de nuevo.", "Puede terminarla el teléfono de cualquier otro residente."),
        E::UploadPending => ("La cerradura está al día; el servicio aún no tiene su respuesta.", "Conéctate; se envía sola.", NOTHING_LOST),
        E::BundleNotAvailableOffline => ("No hay nada que llevar a esta cerradura, ni red para traerlo.", "Conéctate un momento y sincroniza.", "Cualquier residente con red puede sincronizar esta puerta."),
        E::CodePendingSync => ("Este código funciona después de la próxima sincronización de la puerta.", "Sincroniza la puerta y usa el código.", DAILY_CODE),
        E::PartialFailure { .. } => ("Fallaron {n} de {total} puertas.", "Mira la respuesta de cada puerta e inténtalo con esas.", OTHER_WAYS),
        E::UnlockUnderWay => ("Hay una apertura en curso.", "Espera, o cancélala.", NOTHING_LOST),
        E::SyncUnderWay => ("Hay una sincronización en curso.", "Espera, o cancélala.", NOTHING_LOST),
        E::Cancelled => ("Cancelado.", "Empieza de nuevo cuando quieras.", NOTHING_LOST),
        E::KeychainUnavailable => ("El llavero de este teléfono no está disponible.", "Reinicia el teléfono e inténtalo de nuevo.", "Entra como en un teléfono prestado: eso no necesita llavero."),
        E::KeychainRefusedToErase => ("El llavero de este teléfono se negó a borrar.", "Reinicia el teléfono y abre la app: lo intenta antes que nada.", "Cambia tu contraseña desde otro aparato: eso termina todas las sesiones."),
        E::PhoneLocked => ("Este teléfono está bloqueado.", "Desbloquéalo e inténtalo de nuevo.", OTHER_WAYS),
        E::ConfirmationDeclined => ("Se rechazó la confirmación del teléfono.", "Inténtalo de nuevo y confirma.", OTHER_WAYS),
        E::PhoneKeyLost => ("La clave de este teléfono ya no sirve.", "Cierra la sesión y vuelve a entrar para hacer otra.", OTHER_WAYS),
        E::FolderUnavailable => ("No se puede usar la carpeta de la app.", "Haz sitio en el teléfono e inténtalo de nuevo.", OTHER_WAYS),
        E::RandomSourceFailed => ("Falló la fuente de azar del teléfono.", "Reinicia el teléfono.", OTHER_WAYS),
        E::Internal => ("La app cometió un error.", "Ciérrala y ábrela de nuevo.", OTHER_WAYS),
    }
}
