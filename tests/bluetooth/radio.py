"""Controllers, and what they are joined by: Bumble's, mended where the kernel's host needs it."""

from __future__ import annotations

import asyncio

from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink


class Link(LocalLink):
    """Bumble takes the sender's random address as the source of every packet; the kernel connects with its public one."""

    def send_acl_data(self, sender_controller, destination_address, transport, data):
        """Hands a packet to the other end of the sender's connection."""
        connection = sender_controller.le_connections.get(destination_address)
        if transport != PhysicalTransport.LE or connection is None:
            super().send_acl_data(sender_controller, destination_address, transport, data)
            return
        receiver = self.find_le_controller(destination_address)
        if receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_link_acl_data, connection.self_address, transport, data)


class Radio(Controller):
    """A controller of Bluetooth 4.2 that can advertise while links are up.

    Bumble claims more than it does: with extended advertising or link layer privacy among its features, the kernel waits for an event that it never sends.
    """

    keeps_advertising = False

    def __init__(self, name: str, link: Link, address: str, **wires):
        super().__init__(name, link=link, public_address=address, **wires)
        features = hci.LeFeatureMask
        self.le_features &= ~(
            features.LL_PRIVACY | features.LE_EXTENDED_ADVERTISING | features.LE_PERIODIC_ADVERTISING
        )
        self.le_acl_data_packet_length = self.acl_data_packet_length = 251

    def create_le_connection(self, peer_address):
        """A link that only this end still believes in makes room: Bumble would refuse the new one for ever, and the host would wait."""
        stale = self.le_connections.get(peer_address)
        if stale is not None:
            self.on_le_disconnected(stale, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
        super().create_le_connection(peer_address)

    def on_le_connect_ind(self, packet):
        """A lock never stops advertising, also while links are up."""
        super().on_le_connect_ind(packet)
        if self.keeps_advertising:
            self.le_legacy_advertiser.start()
