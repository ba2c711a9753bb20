/** The bundled zone file of the demo workspace, as seen from the folder of a built host. */
export const demoZonePath = '../../resources/demo.zone'
